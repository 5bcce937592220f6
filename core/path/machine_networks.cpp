// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

namespace {

/// Reached through the same network as before, as far as one can tell.
bool isSameWay(const Endpoint &endpoint, const Whereabouts &before, const Whereabouts &now)
{
    const PathNetwork *earlier = before.wayTo(endpoint);
    const PathNetwork *current = now.wayTo(endpoint);
    const bool wasBeside = before.connectedTo(endpoint) != nullptr;
    return earlier && current && isSameNetwork(*earlier, *current)
        && wasBeside == (now.connectedTo(endpoint) != nullptr);
}

} // namespace

void PathMachine::take(const NetworksChanged &changed)
{
    const Whereabouts before = where;
    where.networks = changed.networks;
    const NetworkChange change = changeBetween(before.networks, where.networks);
    if (change == NetworkChange::Nothing)
        return;
    for (auto &[key, peer] : peers) {
        leaveNetworks(peer, before);
        relist(peer);
        peer.isPathGone = peer.isPathGone || isPathGone(peer, before);
    }
    if (where.networks.empty() || isHeld())
        hold();
    else if (change == NetworkChange::Moved)
        arrive();
    else
        refine(before);
}

/// What was proved through a network that is not there any more, or is another one now, is proved no longer.
void PathMachine::leaveNetworks(PeerPaths &peer, const Whereabouts &before)
{
    for (PathCandidate &candidate : peer.table.all()) {
        if (isSameWay(candidate.endpoint, before, where))
            continue;
        candidate.isHereProved = false;
        candidate.isSilent = false;
        candidate.looks = 0;
        candidate.betterSince.reset();
        candidate.question.forget();
    }
    const PathNetwork *linked = peer.onLink ? where.byIndex(*peer.onLink) : nullptr;
    const PathNetwork *earlier = peer.onLink ? before.byIndex(*peer.onLink) : nullptr;
    if (peer.onLink && (!linked || !earlier || !isSameNetwork(*earlier, *linked)))
        peer.onLink.reset();
}

bool PathMachine::isPathGone(const PeerPaths &peer, const Whereabouts &before) const
{
    const PathCandidate *current = peer.current();
    if (!current)
        return false;
    if (!isLocal(current->endpoint, current->scope))
        return !where.networks.empty() && !where.wayTo(current->endpoint);
    if (current->plausibility != Plausibility::Yes)
        return true;
    return before.wayTo(current->endpoint) && !isSameWay(current->endpoint, before, where);
}

/// WireGuard sends to a place of a network that was left before we saw that it sends there.
bool PathMachine::isLeftBehind(const PeerPaths &peer) const
{
    const PathCandidate *current = peer.current();
    return current && isLocal(current->endpoint, current->scope) && current->plausibility != Plausibility::Yes;
}

bool PathMachine::isProvedHere(const PeerPaths &peer, const PathCandidate &candidate) const
{
    const PathNetwork *way = where.wayTo(candidate.endpoint);
    if (!way || !isKnown(way->print))
        return false;
    const bool isSaid = way->print == peer.print && candidate.source != CandidateSource::Dns;
    return isSaid || std::ranges::find(candidate.provedOn, way->print) != candidate.provedOn.end();
}

void PathMachine::judgePlausibility(PeerPaths &peer)
{
    for (PathCandidate &candidate : peer.table.all()) {
        candidate.plausibility = plausibilityOf(candidate.endpoint, candidate.scope, where,
            isProvedHere(peer, candidate), candidate.source != CandidateSource::Dns);
    }
}

void PathMachine::hold()
{
    if (!heldSince)
        heldSince = now;
    for (auto &[key, peer] : peers) {
        for (PathCandidate &candidate : peer.table.all())
            candidate.question.close();
        peer.watchedSince.reset();
        peer.confirmAt.reset();
    }
}

void PathMachine::take(const PortalChanged &changed)
{
    if (std::exchange(isPortal, changed.isPortal) == changed.isPortal)
        return;
    if (isPortal)
        hold();
    else if (!isHeld() && !where.networks.empty())
        arrive();
}

void PathMachine::take(const SleepBegan &)
{
    isAsleep = true;
    statsAskedAt.reset();
    hold();
}

void PathMachine::take(const Woke &)
{
    isAsleep = false;
    for (auto &[key, peer] : peers) {
        peer.sessionVoidSince = now;
        peer.traffic.skip();
        for (PathCandidate &candidate : peer.table.all()) {
            candidate.question.forget();
            candidate.isHereProved = false;
            candidate.looks = 0;
        }
    }
    if (!heldSince)
        hold();
    if (!isHeld() && !where.networks.empty())
        arrive();
}

/// A network is there, or another one, or it is usable again.
void PathMachine::arrive()
{
    const PathTime since = heldSince.value_or(now);
    heldSince.reset();
    for (auto &[key, peer] : peers) {
        // What flowed when nothing more could is what flows now.
        const bool wasActive = peer.lastPayload && *peer.lastPayload + policy.activeFor > since;
        if (wasActive && since < now) {
            peer.lastPayload = now;
            lastTraffic = now;
        }
        arriveWith(peer);
    }
    askStats();
}

void PathMachine::arriveWith(PeerPaths &peer)
{
    peer.retries = 0;
    peer.slips = 0;
    peer.trialNotBefore = PathTime::min();
    for (PathCandidate &candidate : peer.table.all()) {
        candidate.moveNotBefore = candidate.trialNotBefore = PathTime::min();
        candidate.refusals = candidate.failedTrials = 0;
    }
    for (const QString &name : namesOf(peer.configured))
        names.expire(name);
    const bool isWanted = isActive(peer) || peer.suspectSince;
    if (isWanted || peer.isPathGone)
        askNames(peer);
    search(peer, !isWanted);
}

/// The same networks with other addresses: see whether what is in use still works, and not too often. What an address brings
/// within reach is asked like anything that one arrives at.
void PathMachine::refine(const Whereabouts &before)
{
    for (auto &[key, peer] : peers) {
        for (PathCandidate &candidate : peer.table.all()) {
            if (where.connectedTo(candidate.endpoint) && !before.connectedTo(candidate.endpoint))
                askAgain(peer, candidate, 3);
        }
    }
    if (refinedAt && *refinedAt + policy.refinedEvery > now)
        return;
    refinedAt = now;
    for (auto &[key, peer] : peers) {
        PathCandidate *current = peer.current();
        if (current && isBusy(peer) && peer.hasAgent)
            askAgain(peer, *current, 3);
    }
}

} // namespace sallyport
