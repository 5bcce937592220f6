// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/icons/ink.h"

#include <QIcon>
#include <QPixmap>

namespace sallyport {

enum class Half { House, Shield };

/// One glyph in a square of `size` logical pixels.
QPixmap glyphPixmap(Half half, Glyph glyph, const Ink &ink, int size, qreal devicePixelRatio);

/// Both glyphs side by side, at all sizes that panels use.
struct TrayLook {
    Glyph house = Glyph::Off;
    Glyph shield = Glyph::Off;
    Ground ground = Ground::Unknown;
    bool symbolic = false;

    bool operator==(const TrayLook &) const = default;
};
QImage trayImage(const TrayLook &look, int size);
QIcon trayIcon(const TrayLook &look);

} // namespace sallyport
