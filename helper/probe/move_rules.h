// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/move_ports.h"

/// How a connection moves, decided without looking at anything (real-kernel.md section 2b; ADR 19).
namespace sallyport::probe {

enum class MoveWay : quint8 {
    Set, ///< nothing is under way that could take it back
    Pin, ///< late packets are rewritten
    Carry, ///< what is still sent by the old path is sent by the new one
    Drop, ///< late packets are dropped
    Assert, ///< set again and again until no late packet is left
};

/// A path as a packet of the peer takes it.
struct PeerPath {
    Endpoint endpoint;
    std::optional<LocalPath> local; ///< our end, as far as known
};

/// The best way that there is.
MoveWay wayBetween(const PeerPath &from, const PeerPath &to);

inline constexpr int kReadings = 8;
inline constexpr int kAttempts = 2;

struct MoveTimes {
    std::chrono::milliseconds window{0}; ///< while late packets are looked after
    std::chrono::milliseconds repeat{0}; ///< Assert: between two settings
    std::chrono::milliseconds reading{0}; ///< between two read-backs
};

/// `roundTrip` of the old path under load; `attempt` from 1.
MoveTimes timesOf(MoveWay way, std::chrono::microseconds roundTrip, int attempt);

/// A path that is being left; packets are under way over it.
struct LeftPath {
    PeerPath path;
    MoveWay way = MoveWay::Drop; ///< Pin, Carry or Drop
    quint16 carrier = 0; ///< only Carry
};

std::vector<Pin> pinsFor(const std::vector<LeftPath> &left, const PeerPath &to, quint16 listenPort);

/// Whether packets can be sent to one machine there at all.
bool isSendable(const Endpoint &endpoint);

} // namespace sallyport::probe
