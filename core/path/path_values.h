// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"
#include "core/model/configuration.h"
#include "core/net/endpoint.h"
#include "core/probe/probe.h"

#include <chrono>
#include <optional>
#include <vector>

/// What choosing a path is about, as values. Times are of a clock that runs on while the machine sleeps (CLOCK_BOOTTIME).
namespace sallyport {

using PathTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;

/// A person's word about one candidate.
enum class Preference : quint8 { None, Prefer, Pin, Forbid };

enum class CandidateSource : quint8 { Manual, Dns, Lan, Gossip, Observed, Mapped };

/// A configured place, as it stands in the configuration; a name still has to be resolved.
struct ConfiguredPlace {
    HostEndpoint endpoint;
    EndpointScope scope = EndpointScope::Any;
    std::vector<IpAddress> resolved; ///< of a name: last known

    bool operator==(const ConfiguredPlace &) const = default;
};

/// A peer of home, as far as paths to it matter.
struct PathPeer {
    PublicKey publicKey;
    std::vector<Prefix> allowedIps; ///< what is inside the tunnel; no candidate may be
    std::vector<Prefix> routes; ///< networks behind it, of these
    std::vector<ConfiguredPlace> places;
    std::vector<std::pair<HostEndpoint, Preference>> preferences;

    bool operator==(const PathPeer &) const = default;
};

/// One physical network that the machine stands on.
struct PathNetwork {
    quint32 interfaceIndex = 0;
    QString interface;
    std::vector<InterfaceAddress> addresses; ///< usable ones, link-local included
    bool hasDefault4 = false;
    bool hasDefault6 = false;
    bool isMetered = false;
    NetworkPrint print{}; ///< of gateway and prefix; zeroes: no gateway yet

    bool operator==(const PathNetwork &) const = default;
};

/// What WireGuard itself says about a peer.
struct PeerStats {
    PublicKey publicKey;
    std::optional<Endpoint> endpoint;
    quint64 receivedBytes = 0;
    quint64 sentBytes = 0;
    std::optional<std::chrono::seconds> handshakeAge; ///< none: never

    bool operator==(const PeerStats &) const = default;
};

enum class MoveOutcome : quint8 {
    Held, ///< every read-back showed the new endpoint
    SlippedBack, ///< some did not, the second try included
    Refused, ///< by the kernel, a limit, or because the peer is gone
};

/// Why a candidate is used or not: one sentence each in the ledger.
enum class CandidateState : quint8 {
    InUse,
    Verified, ///< answered lately; another is better
    Waiting, ///< to be asked soon
    Asked, ///< no answer yet
    Silent, ///< did not answer the last times
    NotHere, ///< not plausible on these networks
    Relayed, ///< answered, but over another path than this address says: somebody else passes it on
    Forbidden, ///< by a person, or because it lies inside the mesh
    Unresolved, ///< a name without an address
};

/// A line of the ledger.
struct LedgerCandidate {
    HostEndpoint written; ///< as configured; else the numeric endpoint
    std::optional<Endpoint> endpoint;
    CandidateSource source = CandidateSource::Manual;
    Preference preference = Preference::None;
    CandidateState state = CandidateState::Waiting;
    std::optional<std::chrono::microseconds> roundTrip;
    std::optional<std::chrono::seconds> sinceAnswer;
    std::optional<std::chrono::seconds> known; ///< since it was first heard of
    quint32 successes = 0;
    quint32 failures = 0;

    bool operator==(const LedgerCandidate &) const = default;
};

struct LedgerPeer {
    PublicKey publicKey;
    bool hasAgent = false; ///< it has answered a probe: Sallyport runs there
    bool isOnLink = false; ///< proved to be on the network that we stand on
    std::optional<std::chrono::microseconds> roundTrip; ///< of the path in use
    std::vector<LedgerCandidate> candidates;

    bool operator==(const LedgerPeer &) const = default;
};

} // namespace sallyport
