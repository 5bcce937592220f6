// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/path/path_values.h"

#include <QVariantMap>

/// The snapshot in words and tables. Pure. `ledger` is what meshd knows; empty while it does not run.
namespace sallyport::cli {

using Ledger = std::vector<LedgerPeer>;

/// Home, Exit and the guard, one sentence each.
QStringList summaryLines(const Snapshot &snapshot);
/// The summary, the devices, what is in the way, the last error.
QStringList statusLines(const Snapshot &snapshot, const Ledger &ledger = {});
/// For JSON, where `lastError` is always there: null says that there is none, which the bus cannot say.
QVariantMap statusMap(const Snapshot &snapshot, const Ledger &ledger = {});

/// `up`, `stale`, `idle`, `down`; `lan`, `public`, `relay`, `-`.
QString word(PeerPhase phase);
QString word(Via via);
/// `3 s ago`, `-`.
QString handshakeText(const PeerActivity &activity);

} // namespace sallyport::cli
