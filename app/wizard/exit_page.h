// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QComboBox>
#include <QPushButton>

namespace sallyport {

/// The kinds of ways out.
class ExitPage : public QWidget {
    Q_OBJECT

public:
    explicit ExitPage(QWidget *parent = nullptr);

    void showDevices(const QStringList &names);

Q_SIGNALS:
    void accountRequested();
    void importRequested();
    void deviceChosen(const QString &name);

private:
    QComboBox *m_devices;
    QPushButton *m_use;
};

} // namespace sallyport
