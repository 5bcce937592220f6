// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/system_facts.h"
#include "core/model/snapshot.h"
#include "core/path/path_values.h"

#include <vector>

namespace sallyport {

enum class Health { Ok, Warning, Bad };

/// One thing that was looked at: what is, and what to do about it unless it is fine.
struct Finding {
    QString subject;
    Health health = Health::Ok;
    QString sentence;
    QString advice;

    bool operator==(const Finding &) const = default;
};

/// What the bus says.
struct BusFacts {
    bool connected = false;
    bool polkit = false; ///< running, or the bus can start it
    bool resolved = false;
    Result<Snapshot> snapshot = Error{Errc::HelperUnavailable, {}, {}};
    Result<std::vector<LedgerPeer>> ledger = Error{Errc::HelperUnavailable, {}, {}}; ///< of meshd
};

/// Pure.
std::vector<Finding> examine(const SystemFacts &system, const BusFacts &bus);

bool hasBad(const std::vector<Finding> &findings);

} // namespace sallyport
