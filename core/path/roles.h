// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"

namespace sallyport {

/// Who of a pair moves it to another path. Two who move freely never agree; the other one follows, as WireGuard does by
/// itself. The smaller key does it, or the side that has Sallyport.
inline bool isControlling(const PublicKey &own, const PublicKey &peer, bool peerHasAgent)
{
    return !peerHasAgent || own < peer;
}

} // namespace sallyport
