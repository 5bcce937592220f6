// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>

namespace sallyport {

/// Something worth knowing once. Hidden while there is nothing.
class HintBar : public QWidget {
    Q_OBJECT

public:
    explicit HintBar(QWidget *parent = nullptr);

    void show(const QString &text);

Q_SIGNALS:
    void understood();

private:
    QLabel *m_text;
    QPushButton *m_close;
};

} // namespace sallyport
