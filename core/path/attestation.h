// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/whereabouts.h"

namespace sallyport {

/// What an answer has proved about the path that its question took.
enum class PathKind : quint8 {
    Unproved, ///< never answered
    SameLink, ///< from our address on that network to the peer's, and nothing between
    Routed, ///< a local address, unchanged on the way
    Global6, ///< IPv6, unchanged on the way
    Mapped, ///< a public address
    Punched, ///< where the peer was seen to come from
    Relayed, ///< a local address that is not the peer's, or not ours at the other end: somebody passes it on
};

struct AskedPath {
    Endpoint endpoint;
    EndpointScope scope = EndpointScope::Any;
    bool isObserved = false; ///< only ever seen; nobody has configured it
};
PathKind provedBy(const Pong &pong, const AskedPath &asked, const Whereabouts &where);

} // namespace sallyport
