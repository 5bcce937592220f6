// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/ways.h"

#include <QVariantMap>

/// The ways to a device, for terminals and for scripts. Pure.
namespace sallyport::cli {

/// A table with the reason at the end of each line; nothing if there is none.
QStringList wayLines(const Ways &ways);
QVariantList wayMaps(const Ways &ways);

/// Puts what meshd knows of a peer into what the helper says of it (`home.peers[]`).
void putWays(QVariantMap &peer, const Ways &ways);

} // namespace sallyport::cli
