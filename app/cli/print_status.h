// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"

/// The snapshot in words and tables. Pure.
namespace sallyport::cli {

/// Home, Exit and the guard, one sentence each.
QStringList summaryLines(const Snapshot &snapshot);
/// The summary, the devices, what is in the way, the last error.
QStringList statusLines(const Snapshot &snapshot);

} // namespace sallyport::cli
