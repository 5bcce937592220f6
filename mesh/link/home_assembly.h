// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "core/meshlink/messages.h"

namespace sallyport::mesh {

/// Home as the helper has told it, complete.
struct HomeWhole {
    meshlink::HomeSetup setup;
    std::vector<PathPeer> peers;
    std::vector<std::pair<PublicKey, SecretKey>> pairKeys; ///< only of peers with which there is one
};

/// Puts the messages of one generation together.
class HomeAssembly {
public:
    /// Complete at once if there is no peer.
    std::optional<HomeWhole> take(const meshlink::HomeSetup &setup);
    /// Whole with the last one. One of another generation belongs to nothing.
    std::optional<HomeWhole> take(const meshlink::PeerSetup &peer);
    void forget() { m_home.reset(); }

private:
    std::optional<HomeWhole> wholeNow();

    std::optional<HomeWhole> m_home;
};

} // namespace sallyport::mesh
