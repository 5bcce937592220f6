// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/traffic.h"

#include <QWidget>

namespace sallyport {

/// How much went through a tunnel in the last minute: what came in as an area, what went out as a line. The newest is at
/// the reading direction's end. Its scale is the largest rate in sight. Without two rates there is nothing to see.
class Sparkline : public QWidget {
    Q_OBJECT

public:
    explicit Sparkline(QWidget *parent = nullptr);

    void show(const Traffic &traffic, const QColor &colour);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Traffic m_traffic;
    QColor m_colour;
};

} // namespace sallyport
