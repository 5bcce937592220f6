// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/icons/glyph_painter.h"

#include <QPainter>
#include <QSvgRenderer>

#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// 16 units wide and high: two glyphs of 8 × 12 (resources/icons/glyphs).
constexpr qreal kGrid = 16;
constexpr QSizeF kGlyph(8, 12);
constexpr std::array kSizes = {16, 22, 24, 32, 48};

QString nameOf(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Off:
        return u"off"_s;
    case Glyph::Starting:
        return u"starting"_s;
    case Glyph::On:
        return u"on"_s;
    case Glyph::Doubtful:
        return u"doubtful"_s;
    case Glyph::Blocked:
        return u"blocked"_s;
    case Glyph::Attention:
        return u"attention"_s;
    }
    Q_UNREACHABLE();
}

QImage blank(QSize pixels)
{
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

/// The drawing says the shape only: every pixel of it gets the ink's colour.
QImage inked(Half half, Glyph glyph, const Ink &ink, QSize pixels, const QRectF &place)
{
    QSvgRenderer drawing(
        u":/icons/glyphs/%1-%2.svg"_s.arg(half == Half::House ? u"house"_s : u"shield"_s, nameOf(glyph)));
    QImage image = blank(pixels);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    drawing.render(&painter, place);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    QColor colour = ink.colour;
    colour.setAlphaF(static_cast<float>(ink.opacity));
    painter.fillRect(image.rect(), colour);
    return image;
}

} // namespace

QPixmap glyphPixmap(Half half, Glyph glyph, const Ink &ink, int size, qreal devicePixelRatio)
{
    const qreal side = size * devicePixelRatio;
    const QSizeF drawn = kGlyph.scaled(side, side, Qt::KeepAspectRatio);
    const QRectF place(QPointF((side - drawn.width()) / 2, 0), drawn);
    QPixmap pixmap = QPixmap::fromImage(inked(half, glyph, ink, QSizeF(side, side).toSize(), place));
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QImage trayImage(const TrayLook &look, int size)
{
    const qreal unit = size / kGrid;
    const auto ink
        = [&](Glyph glyph) { return look.symbolic ? symbolicInkOf(glyph, look.ground) : inkOf(glyph, look.ground); };
    const QRectF left(0, 2 * unit, kGlyph.width() * unit, kGlyph.height() * unit);
    const QRectF right = left.translated(kGlyph.width() * unit, 0);
    QImage image = inked(Half::House, look.house, ink(look.house), {size, size}, left);
    QPainter painter(&image);
    painter.drawImage(0, 0, inked(Half::Shield, look.shield, ink(look.shield), {size, size}, right));
    return image;
}

QIcon trayIcon(const TrayLook &look)
{
    QIcon icon;
    for (const int size : kSizes)
        icon.addPixmap(QPixmap::fromImage(trayImage(look, size)));
    return icon;
}

} // namespace sallyport
