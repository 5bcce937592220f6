// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

/// WireGuard's own judgement: it sends, and nothing authenticated comes back.
bool PathMachine::isDead(const PeerPaths &peer) const
{
    const bool isUnanswered = peer.unansweredSince && *peer.unansweredSince + policy.deadAfter <= now;
    return isBusy(peer) && (isUnanswered || (isSessionDead(peer) && peer.lastWanted));
}

bool PathMachine::mayTry(const PeerPaths &peer) const
{
    return !isHeld() && !trial && !peer.move && !peer.hasAgent && !peer.configured.places.empty()
        && !hasOpenQuestions(peer) && peer.trialNotBefore <= now && !where.networks.empty();
}

/// Only for peers with a place of their own that answer no questions, while nothing is lost by trying. Peers without one
/// wander, and we follow them.
void PathMachine::considerTrial(PeerPaths &peer)
{
    if (!mayTry(peer))
        return;
    const PathCandidate *current = peer.current();
    const bool isHome = current && isLocal(current->endpoint, current->scope)
        && current->plausibility == Plausibility::Yes && where.connectedTo(current->endpoint);
    const bool dead = isDead(peer);
    if (!dead && (isLive(peer) || isHome))
        return;
    PathCandidate *candidate = bestTrial(peer, dead);
    if (candidate && dead)
        rotate(peer, *candidate);
    else if (candidate)
        startTrial(peer, candidate->endpoint, false);
}

/// A dead peer's endpoint goes from one place to the next and stays at each for one handshake. Within the window of a trial
/// WireGuard would send none, as it has just sent one to the old place.
void PathMachine::rotate(PeerPaths &peer, PathCandidate &candidate)
{
    const auto pause = std::min<std::size_t>(static_cast<std::size_t>(candidate.failedTrials), 2);
    candidate.trialNotBefore = now
        + (isLocal(candidate.endpoint, candidate.scope)
                ? std::chrono::microseconds(policy.trialPauses.at(pause))
                : backedOff(policy.refusedPause, candidate.failedTrials, policy.longestRefused));
    ++candidate.failedTrials;
    peer.trialNotBefore = now + policy.rotateEvery;
    askMove(peer, candidate.endpoint, std::chrono::microseconds(0));
}

/// On a working peer only a local address is worth a trial; on a dead one everything is, what worked last first.
PathCandidate *PathMachine::bestTrial(PeerPaths &peer, bool isDead)
{
    PathCandidate *best = nullptr;
    const auto rank = [&](const PathCandidate &each) {
        return std::tuple(!where.connectedTo(each.endpoint), -each.lastAnswer.value_or(PathTime{}).time_since_epoch());
    };
    for (PathCandidate &each : peer.table.all()) {
        const bool isWanted = isDead || !peer.inUse || where.connectedTo(each.endpoint);
        const bool isPossible = each.plausibility == Plausibility::Yes && isAllowed(peer, each)
            && each.endpoint != peer.inUse && each.trialNotBefore <= now && each.isListed;
        if (isWanted && isPossible && (!best || rank(each) < rank(*best)))
            best = &each;
    }
    return best;
}

void PathMachine::startTrial(PeerPaths &peer, const Endpoint &to, bool isRequested)
{
    using std::chrono::milliseconds;
    const PathCandidate *candidate = peer.table.find(to);
    const auto measured = candidate ? candidate->roundTrip.smoothed() : std::nullopt;
    const auto guess = measured.value_or(where.connectedTo(to) ? milliseconds(10) : milliseconds(80));
    const auto window
        = std::clamp(std::chrono::duration_cast<milliseconds>(3 * guess), policy.shortestTrial, policy.longestTrial);
    trial = PathTrial{peer.configured.publicKey, to, now, isRequested};
    requests.push_back(AskTrial{peer.configured.publicKey, to, window});
}

/// The peer's session is dead and its handshake may have gone astray, which costs five seconds; ours has not. A packet of
/// ours into the tunnel, to where the peer asks from, starts a new one.
void PathMachine::initiate(PeerPaths &peer)
{
    if (!peer.initiation || isHeld() || trial || peer.move)
        return;
    const PathCandidate *from = peer.table.find(peer.initiation->from);
    if (!from || isLive(peer) || peer.initiateNotBefore > now || peer.initiation->at + policy.initiateEvery < now) {
        peer.initiation.reset();
        return;
    }
    // Only to where the peer answers, too: a handshake is not to be led astray either.
    const bool isDirect = from->kind != PathKind::Relayed || isLastResort(peer, *from);
    if (!isFresh(*from) || !isDirect || !mayAsk(peer, *from))
        return;
    peer.initiation.reset();
    peer.initiateNotBefore = now + policy.initiateEvery;
    startTrial(peer, from->endpoint, true);
}

void PathMachine::noteFailedTrial(PathCandidate &candidate)
{
    const auto pause = std::min<std::size_t>(static_cast<std::size_t>(candidate.failedTrials), 2);
    candidate.trialNotBefore = now + policy.trialPauses.at(pause);
    ++candidate.failedTrials;
    ++candidate.failures;
    candidate.isSilent = true;
}

void PathMachine::take(const TrialEnded &ended)
{
    const auto found = peers.find(ended.peer);
    const bool isExpected = trial && trial->peer == ended.peer && trial->to == ended.to;
    if (!isExpected || found == peers.end())
        return;
    const bool wasRequested = trial->isRequested;
    trial.reset();
    PeerPaths &peer = found->second;
    const std::optional<Endpoint> there = ended.hasAnswered ? ended.to : ended.now;
    if (there && there != peer.inUse)
        roamed(peer, *there);
    peer.trialNotBefore = now + policy.initiationLimit;
    if (ended.hasAnswered) {
        peer.lastReceived = now;
        peer.unansweredSince.reset();
    }
    if (PathCandidate *candidate = peer.table.find(ended.to))
        noteTrial(*candidate, ended.hasAnswered, wasRequested);
}

void PathMachine::noteTrial(PathCandidate &candidate, bool hasAnswered, bool wasRequested)
{
    if (!hasAnswered && !wasRequested)
        noteFailedTrial(candidate);
    if (!hasAnswered)
        return;
    candidate.failedTrials = 0;
    candidate.isSilent = false;
    candidate.lastAnswer = now;
    ++candidate.successes;
}

} // namespace sallyport
