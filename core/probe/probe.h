// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/endpoint.h"

#include <array>
#include <chrono>
#include <variant>

/// What two devices say to each other about a path, before WireGuard uses it.
namespace sallyport {

/// Recognises a network (its gateway and prefix) without naming it; all zeroes: unknown.
using NetworkPrint = std::array<quint8, 8>;

/// A question. Asks nothing of the receiver but an answer to where it came from.
struct Ping {
    quint64 transaction = 0; ///< random; the answer repeats it
    bool nominates = false; ///< the sender has moved to this path, or is about to
    bool asksToInitiate = false; ///< the sender's session is dead: whoever answers starts the next handshake
    NetworkPrint network{}; ///< where the sender stands

    bool operator==(const Ping &) const = default;
};

/// An answer. Says, under the seal, which path the question took: what was rewritten on the way shows.
struct Pong {
    quint64 transaction = 0;
    Endpoint seenFrom; ///< the question's source, as the answering side saw it; without scope
    IpAddress receivedAt; ///< the question's destination, likewise
    std::chrono::microseconds held{0}; ///< between question and answer
    NetworkPrint network{}; ///< where the answering side stands

    bool operator==(const Pong &) const = default;
};

using Probe = std::variant<Ping, Pong>;

} // namespace sallyport
