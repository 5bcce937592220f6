// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/icons/ink.h"

#include <algorithm>
#include <cmath>

namespace sallyport {

namespace {

constexpr qreal kOffOpacity = 0.6;

struct Shades {
    QRgb onLight;
    QRgb onDark;
    QRgb onAnything; ///< luminance between 0.20 and 0.30: 3:1 both against white and against #2e3436
};

Shades shadesOf(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Off:
        return {0xff2e3436, 0xffffffff, 0xff868686};
    case Glyph::Starting:
        return {0xff8a5a00, 0xfff0b840, 0xffb07818};
    case Glyph::On:
    case Glyph::Doubtful:
        return {0xff1b7f4d, 0xff5fd39a, 0xff2a9a60};
    case Glyph::Blocked:
        return {0xff7a3db8, 0xffc9a2f5, 0xffa070d4};
    case Glyph::Attention:
        return {0xffb3261e, 0xffff8a80, 0xffe0554c};
    }
    Q_UNREACHABLE();
}

QColor pick(const Shades &shades, Ground ground)
{
    switch (ground) {
    case Ground::Light:
        return QColor::fromRgb(shades.onLight);
    case Ground::Dark:
        return QColor::fromRgb(shades.onDark);
    case Ground::Unknown:
        return QColor::fromRgb(shades.onAnything);
    }
    Q_UNREACHABLE();
}

qreal opacityOf(Glyph glyph, Ground ground)
{
    // Faded middle grey could not be seen any more; there the outline alone says "off".
    return glyph == Glyph::Off && ground != Ground::Unknown ? kOffOpacity : 1;
}

qreal luminance(const QColor &colour)
{
    const auto linear
        = [](qreal part) { return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

Ink inkOf(Glyph glyph, Ground ground)
{
    return {pick(shadesOf(glyph), ground), opacityOf(glyph, ground)};
}

Ink symbolicInkOf(Glyph glyph, Ground ground)
{
    return {pick(shadesOf(Glyph::Off), ground), opacityOf(glyph, ground)};
}

Ground groundOf(const QColor &background)
{
    return contrast(background, Qt::white) > contrast(background, Qt::black) ? Ground::Dark : Ground::Light;
}

qreal contrast(const QColor &one, const QColor &other)
{
    const auto [darker, lighter] = std::minmax({luminance(one), luminance(other)});
    return (lighter + 0.05) / (darker + 0.05);
}

} // namespace sallyport
