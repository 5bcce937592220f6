// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/widgets/sparkline.h"

#include "app/widgets/look.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace sallyport {

namespace {

constexpr double kSmallestScale = 4096; ///< bytes a second: keepalives alone are no mountains

using Part = double Rate::*;

QPolygonF curve(const std::vector<Rate> &rates, Part part, const QRectF &area, double scale)
{
    QPolygonF points;
    const double step = area.width() / double(kRates - 1);
    double x = area.right() - step * double(rates.size() - 1);
    for (const Rate &rate : rates) {
        points.append({x, area.bottom() - area.height() * std::min(1.0, rate.*part / scale)});
        x += step;
    }
    return points;
}

double scaleOf(const std::vector<Rate> &rates)
{
    double largest = kSmallestScale;
    for (const Rate &rate : rates)
        largest = std::max({largest, rate.received, rate.sent});
    return largest;
}

} // namespace

Sparkline::Sparkline(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMinimumHeight(4 * kGrid);
    setMaximumHeight(12 * kGrid);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void Sparkline::show(const Traffic &traffic, const QColor &colour)
{
    if (traffic == m_traffic && colour == m_colour)
        return;
    m_traffic = traffic;
    m_colour = colour;
    setAccessibleName(rateLine(traffic));
    update();
}

QSize Sparkline::sizeHint() const
{
    return {16 * kGrid, 5 * kGrid};
}

void Sparkline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (layoutDirection() == Qt::RightToLeft) {
        painter.translate(width(), 0);
        painter.scale(-1, 1);
    }
    const QRectF area = QRectF(rect()).adjusted(1, 2, -1, -1.5);
    if (m_traffic.rates.size() < 2)
        return;
    painter.setPen(QPen(palette().color(QPalette::Mid), 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const double scale = scaleOf(m_traffic.rates);
    QPolygonF received = curve(m_traffic.rates, &Rate::received, area, scale);
    QColor fill = m_colour;
    fill.setAlphaF(0.25F);
    QPolygonF body = received;
    body << QPointF(received.last().x(), area.bottom()) << QPointF(received.first().x(), area.bottom());
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(body);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_colour, 1.5));
    painter.drawPolyline(received);
    painter.setPen(QPen(quiet(palette()), 1, Qt::DotLine));
    painter.drawPolyline(curve(m_traffic.rates, &Rate::sent, area, scale));
}

} // namespace sallyport
