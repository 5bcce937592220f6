// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QVariantMap>

/// The snapshot in words and tables. Pure.
namespace sallyport::cli {

/// Home, Exit and the guard, one sentence each.
QStringList summaryLines(const Snapshot &snapshot);
/// The summary, the devices, what is in the way, the last error.
QStringList statusLines(const Snapshot &snapshot);
/// For JSON, where `lastError` is always there: null says that there is none, which the bus cannot say.
QVariantMap statusMap(const Snapshot &snapshot);

} // namespace sallyport::cli
