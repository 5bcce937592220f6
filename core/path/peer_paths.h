// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/candidate_table.h"
#include "core/path/damping.h"
#include "core/path/probe_budget.h"
#include "core/path/traffic.h"

namespace sallyport {

/// Asked of the helper, which has not answered yet.
struct PathMove {
    Endpoint to;
    PathTime since;
};
struct PathTrial {
    PublicKey peer;
    Endpoint to;
    PathTime since;
    bool isRequested = false; ///< by the peer, which wants us to start the handshake
};

/// The peer says that it has moved there, or wants us to begin there.
struct Nomination {
    Endpoint from;
    PathTime at;
};

/// One peer, and what happens with it.
struct PeerPaths {
    PathPeer configured;
    CandidateTable table;
    std::optional<Endpoint> inUse; ///< what the kernel has, as far as we know

    // The other side.
    bool hasAgent = false;
    std::optional<PathTime> lastHeard; ///< a question or an answer of its own
    NetworkPrint print{}; ///< of where it stands
    std::optional<Nomination> nomination;
    std::optional<Endpoint> nominated; ///< by us, and not yet acknowledged
    RateLimit answers{1};
    std::optional<Nomination> initiation; ///< wanted by the peer, from there
    PathTime initiateNotBefore{PathTime::min()};

    // Traffic.
    Traffic traffic;
    std::optional<PathTime> lastPayload;
    std::optional<PathTime> lastWanted; ///< sent into a dead session
    std::optional<PathTime> lastReceived;
    std::optional<PathTime> unansweredSince; ///< sent, and nothing received since
    std::optional<PathTime> sessionVoidSince; ///< WireGuard forgets its keys when the machine sleeps

    // The path in use.
    bool isPathGone = false; ///< its address or interface is not there any more
    std::optional<PathTime> watchedSince;
    bool isAskedTwice = false;
    std::optional<PathTime> suspectSince;

    // Looking for others.
    std::optional<PathTime> lastSearch;
    std::optional<PathTime> nextSearch;
    int retries = 0;
    std::optional<PathTime> confirmAt;
    std::optional<PathTime> graceUntil; ///< the other side has the first move until then

    // Moving.
    std::optional<PathMove> move;
    int slips = 0;
    std::vector<PathTime> roams; ///< lately, without our doing
    bool isUnannounced = false; ///< moved without having asked; the other side does not know
    Damping damping;
    PathTime trialNotBefore{PathTime::min()};

    std::optional<quint32> onLink; ///< the interface
    std::optional<PathTime> doubtAt; ///< when to see whether it still is
    std::optional<PathTime> doubtedAt;

    PathCandidate *current() { return table.find(inUse); }
    const PathCandidate *current() const { return inUse ? table.find(*inUse) : nullptr; }
};

} // namespace sallyport
