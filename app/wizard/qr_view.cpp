// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/qr_view.h"

#include <QPainter>

#include <algorithm>

namespace sallyport {

QrView::QrView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Code for the camera of the phone"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void QrView::show(const std::optional<QrCode> &code)
{
    m_code = code;
    setVisible(code.has_value());
    update();
}

void QrView::paintEvent(QPaintEvent *)
{
    if (!m_code)
        return;
    QPainter painter(this);
    const int modules = m_code->size() + 2 * kQuietZone;
    // Whole device pixels: half a pixel between two modules is what cameras stumble over.
    const qreal ratio = devicePixelRatioF();
    const int pixels = std::max(1, int(std::min(width(), height()) * ratio) / modules);
    painter.scale(1 / ratio, 1 / ratio);
    const int side = pixels * modules;
    const QPoint corner((int(width() * ratio) - side) / 2, (int(height() * ratio) - side) / 2);
    painter.fillRect(QRect(corner, QSize(side, side)), Qt::white);
    for (int y = 0; y < m_code->size(); ++y) {
        for (int x = 0; x < m_code->size(); ++x) {
            const QPoint place = corner + QPoint(x + kQuietZone, y + kQuietZone) * pixels;
            if (m_code->isDark(x, y))
                painter.fillRect(QRect(place, QSize(pixels, pixels)), Qt::black);
        }
    }
}

} // namespace sallyport
