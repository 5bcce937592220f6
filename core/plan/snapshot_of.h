// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "core/model/snapshot.h"

namespace sallyport {

/// Derives phases from what was wanted and what is; nothing is remembered. `revision`, `helperVersion` and
/// `lastError` are the caller's. `sinceSwitch` is how long ago the exit was asked for.
Snapshot snapshotOf(const Configuration &configuration, const Intent &intent, const ObservedState &observed,
    std::chrono::milliseconds sinceSwitch);

} // namespace sallyport
