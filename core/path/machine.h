// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_clock.h"
#include "core/path/peer_paths.h"
#include "core/path/selection.h"

#include <map>
#include <random>

namespace sallyport {

/// The state of PathSelection. Each machine_*.cpp has one part of what happens; work() is the end of every event.
struct PathMachine {
    PathMachine(quint64 seed, const PathPolicy &numbers);

    PathPolicy policy;
    std::mt19937_64 random;
    PathTime now;
    PublicKey own;
    Whereabouts where;
    NameBook names;
    std::map<PublicKey, PeerPaths> peers;
    std::vector<PathRequest> requests;

    bool isPortal = false;
    bool isAsleep = false;
    std::optional<PathTime> heldSince; ///< nothing could flow since
    std::optional<PathTime> refinedAt;

    std::optional<PathTime> lastTraffic; ///< of any peer
    bool isWatching = false; ///< AskActivity is out
    std::optional<PathTime> statsAskedAt;
    std::optional<PathTime> nextStats;
    std::optional<PathTrial> trial;
    RateLimit asks;
    std::vector<std::pair<PublicKey, quint32>> toldOnLink;
    std::optional<PathTime> dueBefore; ///< what wakeAt() said last
    std::size_t ledgerPrint = 0; ///< recognises what was told last

    // machine.cpp: the end of every event
    void work();
    void workOn(PeerPaths &peer);
    std::optional<PathTime> wakeAt() const;
    std::optional<PathTime> wakeFor(const PeerPaths &peer) const;
    bool isHeld() const { return isPortal || isAsleep; }
    bool isAwake() const { return lastTraffic && *lastTraffic + policy.activeFor > now; }
    bool isActive(const PeerPaths &peer) const;
    bool isBusy(const PeerPaths &peer) const { return isAwake() && !isHeld() && isActive(peer); }
    bool isLive(const PeerPaths &peer) const; ///< a packet may be on its way

    // machine_home.cpp: peers and names
    void take(const PeersChanged &changed);
    void adoptPeers(const std::vector<PathPeer> &wanted);
    void take(const HomeEnded &);
    void take(const NameResolved &resolved);
    void relist(PeerPaths &peer);
    void askNames(PeerPaths &peer);
    void askDueNames();
    std::optional<PathTime> nextNameAt() const;
    bool isNameOfUse(const PeerPaths &peer, const QString &name) const;

    // machine_networks.cpp: where we stand, sleep and portals
    void take(const NetworksChanged &changed);
    void take(const PortalChanged &changed);
    void take(const SleepBegan &);
    void take(const Woke &);
    void take(const TimeCame &) {}
    void hold();
    void arrive();
    void arriveWith(PeerPaths &peer);
    void leaveNetworks(PeerPaths &peer, const Whereabouts &before);
    void refine(const Whereabouts &before);
    void judgePlausibility(PeerPaths &peer);
    bool isProvedHere(const PeerPaths &peer, const PathCandidate &candidate) const;
    bool isPathGone(const PeerPaths &peer, const Whereabouts &before) const;
    bool isLeftBehind(const PeerPaths &peer) const;

    // machine_probes.cpp: what is heard
    void take(const ProbeHeard &heard);
    void heardPing(PeerPaths &peer, const Ping &ping, const ProbeHeard &heard);
    void heardPong(PeerPaths &peer, const Pong &pong, const ProbeHeard &heard);
    PathCandidate *noteSource(PeerPaths &peer, const ProbeHeard &heard);
    void noteAnswer(PathCandidate &candidate, const Pong &pong, std::chrono::microseconds elapsed);
    void noteAgent(PeerPaths &peer, const NetworkPrint &print);
    void answer(PeerPaths &peer, const Ping &ping, const ProbeHeard &heard);
    void askBack(PeerPaths &peer, PathCandidate &candidate, bool isUrgent);
    void checkOnLink(PeerPaths &peer, const PathCandidate &candidate);
    void doubtOthers(PeerPaths &peer, const Endpoint &endpoint);
    void doubtOnLink(PeerPaths &peer, const Endpoint &source);
    void askOnLink(PeerPaths &peer);
    void tellOnLink();

    // machine_asking.cpp: what is asked
    void search(PeerPaths &peer, bool isLocalOnly = false);
    void look(PeerPaths &peer);
    void openQuestion(PathCandidate &candidate, PathTime at, int tries);
    int triesFor(PeerPaths &peer, PathCandidate &candidate);
    void askAgain(PeerPaths &peer, PathCandidate &candidate, int tries);
    void sendDue(PeerPaths &peer);
    void sendQuestion(PeerPaths &peer, PathCandidate &candidate);
    void noteSilence(PeerPaths &peer, PathCandidate &candidate);
    void scheduleSearch(PeerPaths &peer);
    bool mayAsk(const PeerPaths &peer, const PathCandidate &candidate) const;
    bool hasOpenQuestions(const PeerPaths &peer) const;

    // machine_traffic.cpp: what WireGuard says
    void take(const StatsRead &read);
    void take(const TrafficBegan &);
    void readStats(PeerPaths &peer, const PeerStats &stats);
    void noteTraffic(PeerPaths &peer, const TrafficNews &news);
    void noteWorking(PeerPaths &peer);
    void roamed(PeerPaths &peer, const Endpoint &endpoint);
    void beginWatch(PeerPaths &peer);
    void endWatch(PeerPaths &peer);
    void watch(PeerPaths &peer);
    void askStats();
    void restOrPoll();
    bool isSessionDead(const PeerPaths &peer) const;

    // machine_choice.cpp: which one
    void consider(PeerPaths &peer);
    PathCandidate *bestAnswering(PeerPaths &peer);
    bool isAllowed(const PeerPaths &peer, const PathCandidate &candidate) const;
    bool isFresh(const PathCandidate &candidate) const;
    bool isUseless(const PeerPaths &peer) const;
    bool isPoor(const PeerPaths &peer) const;
    bool isSettling(const PeerPaths &peer) const;
    bool isLastResort(const PeerPaths &peer, const PathCandidate &candidate) const;
    bool mayMove(PeerPaths &peer, PathCandidate &best);
    bool mayAbandon(PeerPaths &peer);
    bool isTornBetween(const PeerPaths &peer) const;
    const PathCandidate *nominatedNow(PeerPaths &peer);
    bool isWorthIt(PeerPaths &peer, PathCandidate &best, const PathCandidate *current);
    bool isConfirmed(PeerPaths &peer, PathCandidate &best, const PathCandidate &current);
    std::chrono::microseconds scoreHere(const PathCandidate &candidate) const;
    bool controls(const PeerPaths &peer) const;

    // machine_moves.cpp: getting there
    void take(const MoveEnded &ended);
    void startMove(PeerPaths &peer, const PathCandidate &candidate);
    void askMove(PeerPaths &peer, const Endpoint &to, std::chrono::microseconds roundTrip);
    void moveToCached(PeerPaths &peer);
    void endMove(PeerPaths &peer, const MoveEnded &ended);
    void noteRefusal(PeerPaths &peer, PathCandidate *candidate);
    void nominate(PeerPaths &peer, PathCandidate &candidate);

    // machine_trials.cpp: peers that answer nothing
    void take(const TrialEnded &ended);
    void considerTrial(PeerPaths &peer);
    void rotate(PeerPaths &peer, PathCandidate &candidate);
    bool mayTry(const PeerPaths &peer) const;
    PathCandidate *bestTrial(PeerPaths &peer, bool isDead);
    bool isTrying(const PeerPaths &peer) const { return trial && trial->peer == peer.configured.publicKey; }
    bool isDead(const PeerPaths &peer) const;
    void startTrial(PeerPaths &peer, const Endpoint &to, bool isRequested);
    void initiate(PeerPaths &peer);
    void noteTrial(PathCandidate &candidate, bool hasAnswered, bool wasRequested);
    void noteFailedTrial(PathCandidate &candidate);

    // machine_ledger.cpp
    std::vector<LedgerPeer> ledger(PathTime at) const;
    CandidateState stateOf(const PeerPaths &peer, const PathCandidate &candidate) const;
    void noteLedger();
};

/// Doubles with every failure, up to `most`.
template<class First, class Most>
std::chrono::microseconds backedOff(First first, int failures, Most most)
{
    const auto doubled = std::chrono::microseconds(first) * (1LL << std::min(failures, 20));
    return std::min<std::chrono::microseconds>(doubled, most);
}

} // namespace sallyport
