// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <map>

namespace sallyport::mesh {

/// Makes our WireGuard start a handshake: by an ordinary datagram to the discard port (RFC 863) of a peer, inside the mesh.
class TunnelNudge {
public:
    static constexpr std::chrono::seconds kBetween{1}; ///< for one peer

    void send(const PathPeer &peer, PathTime now);

private:
    std::map<PublicKey, PathTime> m_last;
};

} // namespace sallyport::mesh
