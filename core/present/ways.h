// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/path/path_values.h"

/// The ways to a device, as people and scripts read them: what the helper says, completed by what meshd knows. Pure.
namespace sallyport {

/// One candidate.
struct Way {
    QString address; ///< as configured, else numeric
    QString endpoint; ///< numeric; empty: not known
    QString source;
    QString state;
    Preference preference = Preference::None;
    std::optional<std::chrono::microseconds> roundTrip;
    std::optional<std::chrono::seconds> known; ///< since it was first heard of
    std::optional<std::chrono::seconds> sinceAnswer;
    quint32 successes = 0;
    quint32 failures = 0;
    QString reason; ///< one sentence: why it is used or not

    bool operator==(const Way &) const = default;
};

struct Ways {
    bool hasLedger = false; ///< meshd knows this device
    bool hasAgent = false;
    bool isOnLink = false;
    std::optional<std::chrono::microseconds> roundTrip; ///< of the path in use
    std::vector<Way> candidates;

    bool operator==(const Ways &) const = default;
};

const LedgerPeer *findPeer(const std::vector<LedgerPeer> &ledger, const PublicKey &key);

/// `known` is what meshd says of the device; none: meshd does not run, or does not know it.
Ways waysTo(const PeerSnapshot &peer, const LedgerPeer *known);

/// `3 s`, `2 min`, `5 h`, `4 d`.
QString spanOf(std::chrono::seconds span);
/// `0.4 ms`, `12 ms`.
QString roundTripText(std::chrono::microseconds roundTrip);

} // namespace sallyport
