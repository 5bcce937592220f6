// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

void PathMachine::take(const TrafficBegan &)
{
    isWatching = false;
    lastTraffic = now;
    if (isHeld())
        return;
    askStats();
}

void PathMachine::take(const StatsRead &read)
{
    statsAskedAt.reset();
    nextStats = now + (peers.size() > policy.many ? policy.statsEveryOfMany : policy.statsEvery);
    for (const PeerStats &stats : read.peers) {
        const auto found = peers.find(stats.publicKey);
        if (found != peers.end())
            readStats(found->second, stats);
    }
}

void PathMachine::readStats(PeerPaths &peer, const PeerStats &stats)
{
    const TrafficNews news = peer.traffic.read(stats, now);
    if (stats.endpoint && !peer.move && !isTrying(peer) && stats.endpoint != peer.inUse)
        roamed(peer, *stats.endpoint);
    if (isHeld())
        return;
    const bool wasActive = isActive(peer);
    noteTraffic(peer, news);
    if (!wasActive && isActive(peer)) {
        const bool isLately = peer.nextSearch && peer.lastSearch && now < *peer.nextSearch;
        if (!isLately)
            search(peer);
        askNames(peer);
    }
    if (news.hasSentPayload && !news.hasReceived && peer.hasAgent)
        beginWatch(peer);
    const auto shaken = peer.traffic.handshakeAt();
    const bool isStale = news.hasSent && (!shaken || *shaken + policy.staleHandshake < now);
    if (isStale && isBusy(peer))
        askNames(peer);
}

void PathMachine::noteTraffic(PeerPaths &peer, const TrafficNews &news)
{
    if (news.hasPayload()) {
        peer.lastPayload = now;
        lastTraffic = now;
    }
    if (news.hasSent && isAwake() && isSessionDead(peer))
        peer.lastWanted = now;
    if (news.hasReceivedPayload)
        peer.sessionVoidSince.reset();
    if (news.hasReceived) {
        peer.lastReceived = now;
        peer.unansweredSince.reset();
        endWatch(peer);
        if (!peer.hasAgent)
            noteWorking(peer);
    } else if ((news.hasSentPayload || (news.hasSent && isSessionDead(peer))) && !peer.unansweredSince) {
        peer.unansweredSince = now;
    }
}

/// The peer answers no questions, but WireGuard has heard from it.
void PathMachine::noteWorking(PeerPaths &peer)
{
    PathCandidate *current = peer.current();
    if (!current)
        return;
    current->lastAnswer = now;
    current->isSilent = false;
    current->failedTrials = 0;
}

/// Without a session the next packet starts a handshake, wherever the endpoint points.
bool PathMachine::isSessionDead(const PeerPaths &peer) const
{
    const auto shaken = peer.traffic.handshakeAt();
    return !shaken || *shaken + policy.sessionLife < now
        || (peer.sessionVoidSince && *shaken + std::chrono::seconds(1) < *peer.sessionVoidSince);
}

/// WireGuard has taken an authenticated packet from somewhere else than where we sent.
void PathMachine::roamed(PeerPaths &peer, const Endpoint &endpoint)
{
    PathCandidate *before = peer.current();
    const std::optional<Endpoint> earlier = peer.inUse;
    peer.inUse = endpoint;
    endWatch(peer);
    if (earlier) {
        std::erase_if(peer.roams, [&](PathTime at) { return at + policy.tornWithin < now; });
        peer.roams.push_back(now);
    }
    const bool isNew = !peer.table.find(endpoint);
    peer.table.see(peer.configured, endpoint, now);
    peer.table.limit(policy.mostCandidates, peer.inUse);
    judgePlausibility(peer);
    PathCandidate *current = peer.current();
    peer.isPathGone = isLeftBehind(peer);
    before = peer.table.find(earlier);
    doubtOthers(peer, endpoint);
    if (isHeld() || !peer.hasAgent || !current || (!isBusy(peer) && !isNew))
        return;
    if (!isFresh(*current))
        askAgain(peer, *current, 3);
    if (before && controls(peer))
        askAgain(peer, *before, 3);
}

void PathMachine::beginWatch(PeerPaths &peer)
{
    PathCandidate *current = peer.current();
    if (!current || peer.watchedSince || peer.move || !isBusy(peer) || current->plausibility != Plausibility::Yes)
        return;
    if (peer.suspectSince || !isAllowed(peer, *current))
        return;
    peer.watchedSince = now;
    peer.isAskedTwice = false;
    current->question.close();
    askAgain(peer, *current, 1);
}

void PathMachine::endWatch(PeerPaths &peer)
{
    peer.watchedSince.reset();
    peer.suspectSince.reset();
}

/// Two questions, then the path is suspected and all others are asked.
void PathMachine::watch(PeerPaths &peer)
{
    PathCandidate *current = peer.current();
    if (!peer.watchedSince || peer.suspectSince || !current)
        return;
    if (!peer.isAskedTwice && *peer.watchedSince + policy.secondPing <= now) {
        peer.isAskedTwice = true;
        current->question.close();
        askAgain(peer, *current, 1);
    }
    if (*peer.watchedSince + policy.suspectAfter > now)
        return;
    peer.suspectSince = now;
    current->isSilent = true;
    ++current->failures;
    peer.retries = 0;
    peer.onLink.reset();
    search(peer);
}

void PathMachine::askStats()
{
    if (statsAskedAt || peers.empty() || isHeld())
        return;
    statsAskedAt = now;
    requests.push_back(AskStats{});
}

/// Asks for counters while payload flows, and to be told when it begins.
void PathMachine::restOrPoll()
{
    if (peers.empty() || isHeld())
        return;
    if (statsAskedAt && *statsAskedAt + policy.statsLimit <= now)
        statsAskedAt.reset();
    if (isAwake()) {
        if (!where.networks.empty() && (!nextStats || *nextStats <= now))
            askStats();
        if (!nextStats || *nextStats <= now)
            nextStats = now + policy.statsEvery;
    } else if (!isWatching) {
        isWatching = true;
        requests.push_back(AskActivity{});
    }
}

} // namespace sallyport
