// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QBoxLayout>
#include <QComboBox>
#include <QPushButton>

namespace sallyport {

/// The kinds of ways out.
class ExitPage : public QWidget {
    Q_OBJECT

public:
    explicit ExitPage(QWidget *parent = nullptr);

    void showDevices(const QStringList &names);
    /// Whatever knows accounts of providers stands here, above the rest.
    QVBoxLayout &accountsPlace() { return *m_accounts; }

Q_SIGNALS:
    void importRequested();
    void deviceChosen(const QString &name);

private:
    QVBoxLayout *m_accounts;
    QComboBox *m_devices;
    QPushButton *m_use;
};

} // namespace sallyport
