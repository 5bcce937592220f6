// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/wiped_key.h"
#include "core/path/path_values.h"

#include <QByteArray>

#include <array>
#include <chrono>
#include <variant>
#include <vector>

/// What the helper and meshd say to each other over their socket pair: one message is one datagram of a SOCK_SEQPACKET.
/// The helper trusts nothing in what it receives: fixed layout, bounded lists, every value checked when it is read.
namespace sallyport::meshlink {

inline constexpr quint8 kVersion = 1;
/// The largest peer that a configuration can have still fits.
inline constexpr std::size_t kLargestMessage = 160 * 1024;
inline constexpr std::size_t kLargestProbe = 1452; ///< a UDP payload that fits into an Ethernet frame over IPv6

/// How long lists may be. The first five are what a configuration may hold.
inline constexpr quint32 kMostPeers = 10000;
inline constexpr quint16 kMostAddresses = 64; ///< of ours
inline constexpr quint16 kMostPrefixes = 1100; ///< allowed addresses of a peer, and routes
inline constexpr quint16 kMostPlaces = 64;
inline constexpr quint16 kMostResolved = 64; ///< of one place
inline constexpr quint16 kMostPreferences = 128; ///< of one peer
inline constexpr quint16 kMostStats = 512; ///< in one message
inline constexpr quint16 kMostOnLink = 1024;

inline constexpr std::chrono::milliseconds kLongestTrial{250};
inline constexpr std::chrono::seconds kLongestRoundTrip{10};

// --- helper to meshd ---

/// Home is on. `peerCount` messages of PeerSetup with the same generation follow; together they replace what was before.
struct HomeSetup {
    quint64 generation = 0;
    PublicKey own;
    quint16 listenPort = 0;
    quint32 interfaceIndex = 0; ///< of sally-home
    quint32 peerCount = 0;
    std::vector<InterfaceAddress> addresses; ///< of ours, inside the mesh

    bool operator==(const HomeSetup &) const = default;
};

/// One peer; its preferences are those of the intent.
struct PeerSetup {
    quint64 generation = 0;
    PathPeer peer;
    WipedKey pairKey{}; ///< all zeroes: none can be agreed on, no probe can be sealed

    bool operator==(const PeerSetup &) const = default;
};

/// Home is off: everything that was set up is void, no probe is sent.
struct HomeGone {
    bool operator==(const HomeGone &) const = default;
};

/// Came to WireGuard's own port and is nothing of WireGuard's.
struct ProbeArrived {
    Endpoint source; ///< with the scope for link-local addresses
    IpAddress destination;
    quint32 interfaceIndex = 0;
    QByteArray payload;

    bool operator==(const ProbeArrived &) const = default;
};

/// Of every peer, in as many messages as it takes.
struct Stats {
    quint32 request = 0;
    bool isLast = true;
    std::vector<PeerStats> peers;

    bool operator==(const Stats &) const = default;
};

struct Moved {
    quint32 request = 0;
    MoveOutcome outcome = MoveOutcome::Refused;
    std::optional<Endpoint> now; ///< what the kernel has

    bool operator==(const Moved &) const = default;
};

struct Tried {
    quint32 request = 0;
    bool hasAnswered = false; ///< the peer itself, through the tunnel, from the endpoint that was tried
    std::optional<Endpoint> now;

    bool operator==(const Tried &) const = default;
};

/// After WatchActivity: the first packet of payload went into or came out of home. Once; ask again to be told again.
struct ActivitySeen {
    bool operator==(const ActivitySeen &) const = default;
};

using ToMesh = std::variant<HomeSetup, PeerSetup, HomeGone, ProbeArrived, Stats, Moved, Tried, ActivitySeen>;

// --- meshd to helper ---

/// From WireGuard's own port, with home's mark. `interfaceIndex` 0: whichever routing says.
struct SendProbe {
    Endpoint to;
    quint32 interfaceIndex = 0;
    QByteArray payload;

    bool operator==(const SendProbe &) const = default;
};

struct ReadStats {
    quint32 request = 0;

    bool operator==(const ReadStats &) const = default;
};

/// Moves a running connection without losing a packet (real-kernel.md section 2b).
struct MoveEndpoint {
    quint32 request = 0;
    PublicKey peer;
    Endpoint to;
    std::chrono::microseconds roundTrip{0}; ///< of the old path, under load

    bool operator==(const MoveEndpoint &) const = default;
};

/// For peers that answer no probes, only while idle or dead: sends there, waits for the peer's own answer, goes back
/// without one. `window` at most 250 ms.
struct TryEndpoint {
    quint32 request = 0;
    PublicKey peer;
    Endpoint to;
    std::chrono::milliseconds window{0};

    bool operator==(const TryEndpoint &) const = default;
};

/// Peers that are proved to be on a network we stand on; replaces the last list. Networks behind them that are that very
/// network are then reached directly.
struct OnLink {
    std::vector<std::pair<PublicKey, quint32>> peers; ///< with the index of the interface

    bool operator==(const OnLink &) const = default;
};

struct WatchActivity {
    bool operator==(const WatchActivity &) const = default;
};

using ToHelper = std::variant<SendProbe, ReadStats, MoveEndpoint, TryEndpoint, OnLink, WatchActivity>;

} // namespace sallyport::meshlink
