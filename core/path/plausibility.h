// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/whereabouts.h"

namespace sallyport {

enum class Plausibility : quint8 {
    Yes,
    FirstLook, ///< a local address behind a default route: one packet per network, in case it is reached after all
    NotHere,
    Never, ///< wherever we are
};

/// Is the address one that only means something on its own network?
bool isLocal(const Endpoint &endpoint, EndpointScope scope);

/// `mayLook`: a first look is allowed; somebody else's records are no reason for one. `isProved`: the peer has answered there before from this very network, or says that it stands on it.
Plausibility plausibilityOf(const Endpoint &endpoint, EndpointScope scope, const Whereabouts &where,
    bool isProved = false, bool mayLook = true);

} // namespace sallyport
