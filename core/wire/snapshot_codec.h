// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QVariantMap>

namespace sallyport {

/// The shape of design section 7 (`sally status --json` without "schema").
QVariantMap encodeSnapshot(const Snapshot &snapshot);
/// Lenient: the other side may be newer. Unknown words become the nearest default.
Snapshot decodeSnapshot(const QVariantMap &map);

} // namespace sallyport
