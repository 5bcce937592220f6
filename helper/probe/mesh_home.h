// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "core/model/intent.h"
#include "core/model/observed_state.h"

namespace sallyport::probe {

/// What meshd has to know of home, but for keys.
struct MeshHome {
    meshlink::HomeSetup setup; ///< without its generation
    std::vector<PathPeer> peers; ///< sorted by public key

    bool operator==(const MeshHome &) const = default;
};

/// Nothing while home's WireGuard does not listen, or is not wanted any more though it still does.
std::optional<MeshHome> meshHome(
    const Configuration &configuration, const Intent &intent, const ObservedState &observed);

} // namespace sallyport::probe
