// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

void PathMachine::startMove(PeerPaths &peer, const PathCandidate &candidate)
{
    const PathCandidate *current = peer.current();
    auto late = current ? current->roundTrip.loaded(now, policy) : policy.unknownRoundTrip;
    // A second time, with the longer of both and a margin.
    if (isTornBetween(peer))
        late = 2 * std::max(late, candidate.roundTrip.loaded(now, policy));
    peer.damping.noteSwitch(now, policy);
    askMove(peer, candidate.endpoint, isLive(peer) && current ? late : std::chrono::microseconds(0));
}

void PathMachine::askMove(PeerPaths &peer, const Endpoint &to, std::chrono::microseconds roundTrip)
{
    peer.roams.clear();
    peer.move = PathMove{to, now};
    peer.watchedSince.reset();
    peer.confirmAt.reset();
    peer.graceUntil.reset();
    requests.push_back(AskMove{peer.configured.publicKey, to, roundTrip});
}

/// The endpoint in use leads nowhere and nobody has answered yet: the best public place that is known will do, as there is
/// nothing to lose, and packets that wait in WireGuard find it when a network comes.
void PathMachine::moveToCached(PeerPaths &peer)
{
    const auto rank = [&](const PathCandidate &each) {
        const bool isPinned = each.preference == Preference::Pin || each.preference == Preference::Prefer;
        const bool isReached = where.wayTo(each.endpoint) != nullptr;
        return std::tuple(!isReached, !isPinned, each.isSilent, !each.lastAnswer.has_value(), scoreHere(each));
    };
    const PathCandidate *best = nullptr;
    for (const PathCandidate &each : peer.table.all()) {
        const bool isPublic = !isLocal(each.endpoint, each.scope);
        const bool isSaid = each.preference == Preference::Pin && each.plausibility == Plausibility::Yes;
        const bool isPossible = each.plausibility != Plausibility::Never && isAllowed(peer, each)
            && each.moveNotBefore <= now && each.endpoint != peer.inUse && (isPublic || isSaid);
        if (isPossible && (!best || rank(each) < rank(*best)))
            best = &each;
    }
    if (best) {
        startMove(peer, *best);
        peer.isUnannounced = true;
    }
    peer.isPathGone = false;
}

void PathMachine::take(const MoveEnded &ended)
{
    const auto found = peers.find(ended.peer);
    if (found != peers.end() && found->second.move && found->second.move->to == ended.to)
        endMove(found->second, ended);
}

void PathMachine::endMove(PeerPaths &peer, const MoveEnded &ended)
{
    peer.move.reset();
    const bool isHeldThere = ended.outcome == MoveOutcome::Held;
    const std::optional<Endpoint> there = isHeldThere ? ended.to : ended.now;
    if (there && there != peer.inUse) {
        peer.inUse = there;
        peer.table.see(peer.configured, *there, now);
        peer.table.limit(policy.mostCandidates, peer.inUse);
        judgePlausibility(peer);
    }
    peer.isPathGone = isLeftBehind(peer);
    if (!isHeldThere)
        return noteRefusal(peer, peer.table.find(ended.to));
    peer.slips = 0;
    peer.nomination.reset();
    endWatch(peer);
    if (PathCandidate *current = peer.current()) {
        current->refusals = 0;
        current->betterSince.reset();
    }
}

/// Tried a few times, soon; then what the kernel has is taken as it is, for a while.
void PathMachine::noteRefusal(PeerPaths &peer, PathCandidate *candidate)
{
    if (!candidate)
        return;
    ++candidate->failures;
    ++peer.slips;
    if (candidate->refusals == 0 && peer.slips < policy.mostSlips) {
        candidate->moveNotBefore = now + backedOff(policy.slipPause, peer.slips - 1, policy.refusedPause);
        if (isBusy(peer))
            peer.confirmAt = candidate->moveNotBefore;
        return;
    }
    peer.slips = 0;
    candidate->moveNotBefore = now + backedOff(policy.refusedPause, candidate->refusals++, policy.longestRefused);
}

/// The other side follows with the next packet of payload; if there is none, by being told.
void PathMachine::nominate(PeerPaths &peer, PathCandidate &candidate)
{
    if (!peer.hasAgent || isHeld())
        return;
    peer.nominated = candidate.endpoint;
    candidate.question.close();
    askAgain(peer, candidate, 3);
}

} // namespace sallyport
