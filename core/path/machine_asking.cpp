// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

bool PathMachine::mayAsk(const PeerPaths &peer, const PathCandidate &candidate) const
{
    return isAllowed(peer, candidate)
        && (candidate.plausibility == Plausibility::Yes || candidate.plausibility == Plausibility::FirstLook);
}

/// How many packets a question may take. Few, where a stranger may have the address.
int PathMachine::triesFor(PeerPaths &peer, PathCandidate &candidate)
{
    const int all = static_cast<int>(policy.waits.size());
    if (!isLocal(candidate.endpoint, candidate.scope) || candidate.isHereProved)
        return all;
    const PathNetwork *way = where.wayTo(candidate.endpoint);
    if (way && std::ranges::find(candidate.provedOn, way->print) != candidate.provedOn.end())
        return all;
    const bool isSaidToBeHere = way && isKnown(way->print) && way->print == peer.print;
    if (isSaidToBeHere && candidate.lookedAt && *candidate.lookedAt + policy.lookLocallyAgain <= now)
        candidate.looks = 0;
    const bool isFirstLook = candidate.plausibility == Plausibility::FirstLook;
    return std::clamp((isFirstLook ? policy.mostFirstLook : policy.mostAskedLocally) - candidate.looks, 0, all);
}

void PathMachine::openQuestion(PathCandidate &candidate, PathTime at, int tries)
{
    if (tries > 0 && !candidate.question.isOpen())
        candidate.question.open(at, tries);
}

void PathMachine::askAgain(PeerPaths &peer, PathCandidate &candidate, int tries)
{
    if (mayAsk(peer, candidate))
        openQuestion(candidate, now, std::min(tries, triesFor(peer, candidate)));
}

/// Asks everywhere, or only on the networks that we stand on.
void PathMachine::search(PeerPaths &peer, bool isLocalOnly)
{
    if (isHeld() || where.networks.empty())
        return;
    PathTime at = now;
    for (PathCandidate &candidate : peer.table.all()) {
        const bool isWanted = !isLocalOnly || where.connectedTo(candidate.endpoint);
        if (!isWanted || !mayAsk(peer, candidate) || candidate.question.isOpen())
            continue;
        openQuestion(candidate, at, triesFor(peer, candidate));
        if (candidate.question.isOpen())
            at += policy.pacing;
    }
    if (isLocalOnly)
        return;
    peer.lastSearch = now;
    peer.nextSearch = now
        + (isUseless(peer)      ? backedOff(policy.firstRetry, peer.retries, policy.rarestRetry)
                : peer.hasAgent ? std::chrono::microseconds(policy.lookAgain)
                                : backedOff(policy.lookAgain, peer.retries, policy.rarestLook));
    if (!peer.hasAgent || isUseless(peer))
        ++peer.retries;
}

/// One packet to each place, to see whether there is something better.
void PathMachine::look(PeerPaths &peer)
{
    PathTime at = now;
    for (PathCandidate &candidate : peer.table.all()) {
        if (!mayAsk(peer, candidate) || candidate.question.isOpen())
            continue;
        openQuestion(candidate, at, std::min(1, triesFor(peer, candidate)));
        if (candidate.question.isOpen())
            at += policy.pacing;
    }
    peer.lastSearch = now;
    const PathCandidate *current = peer.current();
    const bool isRelayed = current && current->kind == PathKind::Relayed;
    peer.nextSearch = now + (isRelayed ? policy.firstRetry : policy.lookAgain);
}

void PathMachine::scheduleSearch(PeerPaths &peer)
{
    const PathCandidate *current = peer.current();
    const bool isBest = current && isFresh(*current) && current->kind == PathKind::SameLink;
    if (!peer.hasAgent || isUseless(peer))
        search(peer);
    else if (controls(peer) && !isBest && peer.table.all().size() > 1)
        look(peer);
    else
        peer.nextSearch = now + policy.lookAgain;
}

void PathMachine::sendDue(PeerPaths &peer)
{
    if (where.networks.empty())
        return;
    for (PathCandidate &candidate : peer.table.all()) {
        if (candidate.question.isDue(now))
            sendQuestion(peer, candidate);
        else if (candidate.question.isGivenUp(now))
            noteSilence(peer, candidate);
    }
}

void PathMachine::sendQuestion(PeerPaths &peer, PathCandidate &candidate)
{
    if (!mayAsk(peer, candidate)) {
        candidate.question.close();
        return;
    }
    if (!asks.take(now)) {
        candidate.question.postpone(asks.nextAt(now));
        return;
    }
    const PathNetwork *way = where.wayTo(candidate.endpoint);
    Ping ping;
    ping.transaction = random();
    ping.nominates = peer.nominated == candidate.endpoint;
    ping.asksToInitiate = isSessionDead(peer) && isActive(peer);
    ping.network = way ? way->print : NetworkPrint{};
    candidate.question.noteSent(
        ping.transaction, now, candidate.roundTrip.smoothed().value_or(std::chrono::microseconds(0)), policy);
    if (isLocal(candidate.endpoint, candidate.scope) && candidate.looks++ == 0)
        candidate.lookedAt = now;
    const bool isBeside = where.connectedTo(candidate.endpoint) != nullptr;
    requests.push_back(
        AskProbe{peer.configured.publicKey, ping, candidate.endpoint, isBeside ? way->interfaceIndex : 0});
}

void PathMachine::noteSilence(PeerPaths &peer, PathCandidate &candidate)
{
    const bool isOnce = candidate.question.sent() < static_cast<int>(policy.waits.size());
    candidate.question.close();
    ++candidate.failures;
    if (peer.nominated == candidate.endpoint)
        peer.nominated.reset();
    // One lost packet is no silence of a path that worked.
    if (isOnce && candidate.isHereProved && !candidate.isSilent)
        return;
    candidate.isSilent = true;
    candidate.betterSince.reset();
    const bool wasLink = candidate.kind == PathKind::SameLink;
    const bool isLinkedElse = std::ranges::any_of(peer.table.all(), [](const PathCandidate &each) {
        return each.kind == PathKind::SameLink && each.isHereProved && !each.isSilent;
    });
    if (wasLink && !isLinkedElse)
        peer.onLink.reset();
}

bool PathMachine::hasOpenQuestions(const PeerPaths &peer) const
{
    return std::ranges::any_of(peer.table.all(), [](const PathCandidate &each) { return each.question.isOpen(); });
}

} // namespace sallyport
