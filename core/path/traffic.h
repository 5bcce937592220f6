// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

namespace sallyport {

/// What two readings of the counters tell.
struct TrafficNews {
    bool hasReceived = false; ///< anything authenticated at all
    bool hasSent = false;
    bool hasReceivedPayload = false;
    bool hasSentPayload = false;

    bool hasPayload() const { return hasReceivedPayload || hasSentPayload; }
    bool operator==(const TrafficNews &) const = default;
};

/// The counters of a peer. Keepalives and handshakes are no payload.
class Traffic {
public:
    TrafficNews read(const PeerStats &stats, PathTime now);
    /// What happens until the next reading is not to be told.
    void skip() { m_readAt.reset(); }
    std::optional<PathTime> handshakeAt() const { return m_handshakeAt; }

private:
    std::optional<PathTime> m_readAt;
    quint64 m_received = 0;
    quint64 m_sent = 0;
    std::optional<PathTime> m_handshakeAt;
};

} // namespace sallyport
