// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/path/path_values.h"

namespace sallyport {

/// Something that should hold while a switch is on.
struct Tick {
    enum class Verdict { Holds, Waiting, Fails };

    Verdict verdict = Verdict::Waiting;
    QString text;

    bool operator==(const Tick &) const = default;
};

/// Only what was measured: handshakes by WireGuard, probes by meshd, the guard by the kernel. What nobody looked at (a
/// lookup by name, the address seen outside) has no tick. Empty while both switches are off.
std::vector<Tick> proofOf(const Snapshot &snapshot, const std::vector<LedgerPeer> &ledger);

} // namespace sallyport
