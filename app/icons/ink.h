// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/tray_model.h"

#include <QColor>

namespace sallyport {

/// What a glyph is drawn upon. A panel does not tell its colour; Unknown ink can be seen on all of them.
enum class Ground { Light, Dark, Unknown };

struct Ink {
    QColor colour;
    qreal opacity = 1;
};

/// The colour of a state; shape comes first. At least 3:1 against the ground.
Ink inkOf(Glyph glyph, Ground ground);
/// One colour only: for panels that are known to want it.
Ink symbolicInkOf(Glyph glyph, Ground ground);

Ground groundOf(const QColor &background);
/// WCAG 2.1 contrast ratio, 1 to 21.
qreal contrast(const QColor &one, const QColor &other);

} // namespace sallyport
