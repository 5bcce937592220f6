// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/device_rows.h"

#include <QPen>

namespace sallyport {

/// Solid on this network, dashed through the internet, dotted through another device.
QPen penFor(PathLine line, const QColor &colour, qreal width);

} // namespace sallyport
