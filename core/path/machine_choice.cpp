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
    return candidate.isHereProved && candidate.lastAnswer && *candidate.lastAnswer >= candidate.freshFrom
        && *candidate.lastAnswer + policy.freshFor > now;
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
    if ((isSessionDead(peer) || isDead(peer)) && !isFresh(*current))
        return true;
    const auto asked = current->question.openedAt();
    const bool hasReceivedSince = peer.lastReceived && asked && *peer.lastReceived > *asked;
    return peer.hasAgent && current->isSilent && !hasReceivedSince;
}

/// Anything else would do.
bool PathMachine::isPoor(const PeerPaths &peer) const
{
    const PathCandidate *current = peer.current();
    return isUseless(peer) || current->kind == PathKind::Relayed;
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
    if (const PathCandidate *nominated = nominatedNow(peer))
        return startMove(peer, *nominated);
    if (best && best->endpoint == peer.inUse) {
        peer.graceUntil.reset();
        if (!isTornBetween(peer))
            return;
    }
    if (best && (mayMove(peer, *best) || isTornBetween(peer))) {
        startMove(peer, *best);
        return nominate(peer, *peer.table.find(peer.move->to));
    }
    const PathCandidate *current = peer.current();
    const bool isUnwanted = current && !isAllowed(peer, *current);
    if (!best && (peer.isPathGone || (isUnwanted && !hasOpenQuestions(peer) && !peer.damping.notBefore(now, policy))))
        moveToCached(peer);
}

/// Packets under way on two paths can keep both sides going back and forth for long (real-kernel.md section 2b).
bool PathMachine::isTornBetween(const PeerPaths &peer) const
{
    return controls(peer) && !peer.damping.isRestless(now, policy)
        && peer.roams.size() >= static_cast<std::size_t>(policy.tornAfter)
        && peer.roams.front() + policy.tornWithin > now;
}

/// Every other place has been asked and is silent.
bool PathMachine::isLastResort(const PeerPaths &peer, const PathCandidate &candidate) const
{
    return isBusy(peer) && std::ranges::all_of(peer.table.all(), [&](const PathCandidate &each) {
        const bool isOut = each.isSilent && !each.question.isOpen();
        return &each == &candidate || each.kind == PathKind::Relayed || isOut || !mayAsk(peer, each);
    });
}

bool PathMachine::mayMove(PeerPaths &peer, PathCandidate &best)
{
    const PathCandidate *current = peer.current();
    if (best.kind == PathKind::Relayed && !isLastResort(peer, best))
        return false;
    if (isUseless(peer))
        return (best.kind == PathKind::SameLink || peer.isPathGone || !isSettling(peer)) && mayAbandon(peer);
    if (!isAllowed(peer, *current))
        return !peer.damping.notBefore(now, policy);
    return controls(peer) && isWorthIt(peer, best, current);
}

/// Where the other side moves to. WireGuard follows by itself, but only with payload that comes from there; with little of it, or
/// if it is only we who send, our packets from the old path would take the other side back.
const PathCandidate *PathMachine::nominatedNow(PeerPaths &peer)
{
    // What we know of our endpoint may be a second old, and another by now.
    const bool isThere = peer.nomination && peer.inUse == peer.nomination->from && peer.roams.empty();
    if (!peer.nomination || controls(peer) || isThere) {
        peer.nomination.reset();
        return nullptr;
    }
    const PathCandidate *candidate = peer.table.find(peer.nomination->from);
    if (peer.nomination->at + policy.answerLife < now)
        peer.nomination.reset();
    const bool isUsable
        = candidate && isFresh(*candidate) && mayAsk(peer, *candidate) && candidate->moveNotBefore <= now;
    return isUsable && candidate->kind != PathKind::Relayed ? candidate : nullptr;
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
    const bool isHome = best.kind == PathKind::SameLink && current->kind != PathKind::SameLink
        && current->preference != Preference::Prefer;
    if (current->kind == PathKind::Relayed && best.kind != PathKind::Relayed)
        return true;
    if (isHome && !peer.damping.isRestless(now, policy))
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
