// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/health.h"

#include <QLabel>

namespace sallyport {

/// One thing that was looked at: a tick or a cross, what is, and what to do.
class FindingRow : public QWidget {
    Q_OBJECT

public:
    FindingRow(const Finding &finding, bool isLast, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void drawMark();

    Health m_health;
    bool m_isLast; ///< of the chain
    QLabel *m_mark;
};

} // namespace sallyport
