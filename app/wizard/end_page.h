// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QCheckBox>
#include <QLabel>

namespace sallyport {

/// Done: where everything is from now on.
class EndPage : public QWidget {
    Q_OBJECT

public:
    explicit EndPage(QWidget *parent = nullptr);

    void show(const QString &done, bool startsAtLogin);
    using QWidget::show;

Q_SIGNALS:
    void startAtLoginRequested(bool on);

private:
    QLabel *m_done;
    QCheckBox *m_startAtLogin;
};

} // namespace sallyport
