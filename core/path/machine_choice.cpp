// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"
#include "core/path/roles.h"
#include "core/path/score.h"

#include <algorithm>

namespace sallyport {

bool PathMachine::controls(const PeerPaths &peer) const
{
    return !policy.hasRoles || isControlling(own, peer.configured.publicKey, peer.hasAgent);
}

/// A person's word. What is pinned excludes all others as long as it means something here.
bool PathMachine::isAllowed(const PeerPaths &peer, const PathCandidate &candidate) const
{
    if (candidate.preference == Preference::Forbid)
        return false;
    const bool isPinned = std::ranges::any_of(peer.table.all(), [](const PathCandidate &each) {
        return each.preference == Preference::Pin && each.plausibility == Plausibility::Yes;
    });
    return !isPinned || candidate.preference == Preference::Pin;
}

bool PathMachine::isFresh(const PathCandidate &candidate) const
{
    return candidate.isHereProved && candidate.lastAnswer && *candidate.lastAnswer + policy.freshFor > now;
}

std::chrono::microseconds PathMachine::scoreHere(const PathCandidate &candidate) const
{
    const PathNetwork *way = where.wayTo(candidate.endpoint);
    return scoreOf(candidate, way && way->isMetered, policy);
}

PathCandidate *PathMachine::bestAnswering(PeerPaths &peer)
{
    PathCandidate *best = nullptr;
    for (PathCandidate &candidate : peer.table.all()) {
        const bool isUsable = isFresh(candidate) && !candidate.isSilent && mayAsk(peer, candidate)
            && (candidate.moveNotBefore <= now || peer.inUse == candidate.endpoint);
        if (isUsable && (!best || scoreHere(candidate) < scoreHere(*best)))
            best = &candidate;
    }
    return best;
}

/// Nothing is lost by leaving it.
bool PathMachine::isUseless(const PeerPaths &peer) const
{
    const PathCandidate *current = peer.current();
    if (!current || peer.isPathGone || peer.suspectSince)
        return true;
    if (isSessionDead(peer) && !isFresh(*current))
        return true;
    const auto asked = current->question.openedAt();
    const bool hasReceivedSince = peer.lastReceived && asked && *peer.lastReceived > *asked;
    return peer.hasAgent && current->isSilent && !hasReceivedSince;
}

/// Others have been asked and may still answer.
bool PathMachine::isSettling(const PeerPaths &peer) const
{
    return std::ranges::any_of(peer.table.all(), [&](const PathCandidate &each) {
        return each.question.isOpen() && each.question.openedAt() && *each.question.openedAt() + policy.settle > now;
    });
}

void PathMachine::consider(PeerPaths &peer)
{
    if (isHeld() || peer.move || isTrying(peer))
        return;
    if (peer.isPathGone && where.networks.empty())
        return moveToCached(peer);
    PathCandidate *best = bestAnswering(peer);
    if (best && best->endpoint == peer.inUse) {
        peer.nomination.reset();
        peer.graceUntil.reset();
        return;
    }
    if (best && mayMove(peer, *best))
        return startMove(peer, *best);
    const PathCandidate *current = peer.current();
    const bool isUnwanted = current && !isAllowed(peer, *current);
    if (!best && (peer.isPathGone || (isUnwanted && !hasOpenQuestions(peer) && !peer.damping.notBefore(now, policy))))
        moveToCached(peer);
}

bool PathMachine::mayMove(PeerPaths &peer, PathCandidate &best)
{
    const PathCandidate *current = peer.current();
    if (isUseless(peer))
        return (best.kind == PathKind::SameLink || !isSettling(peer)) && mayAbandon(peer);
    if (!isAllowed(peer, *current))
        return !peer.damping.notBefore(now, policy);
    const bool isNominated = peer.nomination && peer.nomination->from == best.endpoint;
    if (isNominated && peer.nomination->at + policy.confirmAfter <= now)
        return true;
    return controls(peer) && isWorthIt(peer, best, current);
}

/// The other side has the first move, unless it cannot know.
bool PathMachine::mayAbandon(PeerPaths &peer)
{
    if (controls(peer) || !peer.inUse || peer.isPathGone || isSessionDead(peer))
        return true;
    if (!peer.graceUntil)
        peer.graceUntil = now + policy.otherSideFirst;
    return *peer.graceUntil <= now;
}

bool PathMachine::isWorthIt(PeerPaths &peer, PathCandidate &best, const PathCandidate *current)
{
    const bool isHome = best.kind == PathKind::SameLink && current->kind != PathKind::SameLink;
    const bool isLeftAlone = current->preference != Preference::Prefer || !isFresh(*current);
    if (isHome && isLeftAlone && !peer.damping.isRestless(now, policy))
        return true;
    return isBusy(peer) && isFresh(*current) && isConfirmed(peer, best, *current);
}

/// Better in two samples of both, some time apart.
bool PathMachine::isConfirmed(PeerPaths &peer, PathCandidate &best, const PathCandidate &current)
{
    if (!isClearlyBetter(scoreHere(best), scoreHere(current), policy)) {
        best.betterSince.reset();
        return false;
    }
    const PathTime dwellEnd = peer.damping.notBefore(now, policy).value_or(now);
    if (!best.betterSince) {
        best.betterSince = now;
        peer.confirmAt = std::max(now + policy.confirmAfter, dwellEnd);
    }
    const PathTime second = *best.betterSince + policy.confirmAfter;
    const bool isSampledTwice = *best.lastAnswer >= second && *current.lastAnswer >= second;
    if (isSampledTwice && dwellEnd > now && !peer.confirmAt)
        peer.confirmAt = dwellEnd;
    return isSampledTwice && dwellEnd <= now;
}

} // namespace sallyport
