// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_policy.h"
#include "core/path/path_values.h"
#include "core/probe/probe_seal.h"

#include <memory>
#include <variant>

/// The choice of paths as a state machine: inputs and the time go in, requests come out. It does nothing itself, keeps no
/// clock and draws random numbers from the seed that it was given, so that a simulator can repeat every run.
namespace sallyport {

// --- what happens ---

/// Home is on, or its configuration is another. What is known of peers that stay is kept.
struct PeersChanged {
    PublicKey own;
    std::vector<InterfaceAddress> addresses; ///< ours, inside the mesh
    std::vector<PathPeer> peers;
};
struct HomeEnded {};
/// Where the machine stands now, in full. The first event of a burst is told at once.
struct NetworksChanged {
    std::vector<PathNetwork> networks;
};
struct NameResolved {
    QString name;
    std::vector<IpAddress> addresses; ///< empty: there is none, or nobody answered
    std::chrono::seconds lifetime{60};
};
/// Opened and not heard before; `source` and `destination` are of the packet that brought it.
struct ProbeHeard {
    OpenedProbe opened;
    Endpoint source;
    IpAddress destination;
    quint32 interfaceIndex = 0;
};
struct StatsRead {
    std::vector<PeerStats> peers;
};
struct MoveEnded {
    PublicKey peer;
    Endpoint to;
    MoveOutcome outcome = MoveOutcome::Refused;
    std::optional<Endpoint> now;
};
struct TrialEnded {
    PublicKey peer;
    Endpoint to;
    bool hasAnswered = false;
    std::optional<Endpoint> now;
};
/// Payload began to flow after a rest.
struct TrafficBegan {};
struct SleepBegan {};
struct Woke {};
/// Behind a captive portal nothing is asked and nothing moved.
struct PortalChanged {
    bool isPortal = false;
};
/// Nothing happened but that the time came which wakeAt() named.
struct TimeCame {};

using PathInput = std::variant<PeersChanged, HomeEnded, NetworksChanged, NameResolved, ProbeHeard, StatsRead, MoveEnded,
    TrialEnded, TrafficBegan, SleepBegan, Woke, PortalChanged, TimeCame>;

// --- what it asks for ---

struct AskProbe {
    PublicKey peer;
    Probe probe;
    Endpoint to;
    quint32 interfaceIndex = 0;
    bool operator==(const AskProbe &) const = default;
};
struct AskMove {
    PublicKey peer;
    Endpoint to;
    std::chrono::microseconds roundTrip{
        0}; ///< of the path that is left, under load; 0: nothing flows, one set is enough
    bool operator==(const AskMove &) const = default;
};
struct AskTrial {
    PublicKey peer;
    Endpoint to;
    std::chrono::milliseconds window{0};
    bool operator==(const AskTrial &) const = default;
};
struct AskName {
    QString name;
    bool operator==(const AskName &) const = default;
};
struct AskStats {
    bool operator==(const AskStats &) const = default;
};
/// Nothing flows: tell me when something does.
struct AskActivity {
    bool operator==(const AskActivity &) const = default;
};
/// The whole list, when it is another one.
struct TellOnLink {
    std::vector<std::pair<PublicKey, quint32>> peers;
    bool operator==(const TellOnLink &) const = default;
};
/// The ledger reads differently now (counters and ages alone are no news).
struct LedgerMoved {
    bool operator==(const LedgerMoved &) const = default;
};

using PathRequest = std::variant<AskProbe, AskMove, AskTrial, AskName, AskStats, AskActivity, TellOnLink, LedgerMoved>;

class PathSelection {
public:
    explicit PathSelection(quint64 seed, const PathPolicy &policy = {});
    ~PathSelection();

    std::vector<PathRequest> advance(const PathInput &input, PathTime now);
    /// When TimeCame is due; none: nothing is waited for, nobody needs to wake up.
    std::optional<PathTime> wakeAt() const;
    std::vector<LedgerPeer> ledger(PathTime now) const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace sallyport
