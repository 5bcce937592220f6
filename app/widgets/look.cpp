// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/widgets/look.h"

#include <cmath>

namespace sallyport {

namespace {

QColor mixed(const QColor &one, const QColor &other, float share)
{
    const auto mix = [&](float a, float b) { return a * share + b * (1 - share); };
    return QColor::fromRgbF(
        mix(one.redF(), other.redF()), mix(one.greenF(), other.greenF()), mix(one.blueF(), other.blueF()));
}

} // namespace

QFont scaled(const QFont &font, qreal factor, bool bold)
{
    QFont result = font;
    if (font.pointSizeF() > 0)
        result.setPointSizeF(font.pointSizeF() * factor);
    else
        result.setPixelSize(static_cast<int>(std::lround(font.pixelSize() * factor)));
    result.setBold(bold);
    return result;
}

QLabel *plainLabel(QWidget *parent, const QString &text, qreal factor, bool bold)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(scaled(label->font(), factor, bold));
    return label;
}

QLabel *wrappedLabel(QWidget *parent, const QString &text, qreal factor)
{
    QLabel *label = plainLabel(parent, text, factor);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

/// 70 % keeps 4.5:1 on the palettes of all desktops that were looked at; their own placeholder colour often does not.
QColor quiet(const QPalette &palette)
{
    constexpr float kShare = 0.7F;
    return mixed(
        palette.color(QPalette::Active, QPalette::Text), palette.color(QPalette::Active, QPalette::Base), kShare);
}

} // namespace sallyport
