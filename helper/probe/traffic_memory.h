// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <deque>
#include <map>

namespace sallyport::probe {

/// What the counters of peers were lately, so that one reading more tells whether a peer is idle. Knows only what it is
/// given: every reading of statistics belongs here.
class TrafficMemory {
public:
    void note(const PeerStats &stats, PathTime now);
    /// Less than 2 kB both ways in the last five seconds. Not idle if nobody read the counters that long ago.
    bool isIdle(const PeerStats &stats, PathTime now) const;
    void forget() { m_samples.clear(); }

private:
    struct Sample {
        PathTime time;
        quint64 bytes = 0;
    };
    std::map<PublicKey, std::deque<Sample>> m_samples;
};

} // namespace sallyport::probe
