// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/address_kind.h"
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

void PathMachine::take(const ProbeHeard &heard)
{
    const auto found = peers.find(heard.opened.peer);
    if (found == peers.end() || isAsleep)
        return;
    if (const auto *ping = std::get_if<Ping>(&heard.opened.probe))
        heardPing(found->second, *ping, heard);
    else
        heardPong(found->second, std::get<Pong>(heard.opened.probe), heard);
}

void PathMachine::noteAgent(PeerPaths &peer, const NetworkPrint &print)
{
    const auto heard = std::exchange(peer.lastHeard, now);
    const bool isNews = !heard || *heard + policy.activeFor < now || peer.print != print;
    peer.hasAgent = true;
    peer.retries = 0;
    if (!isNews)
        return;
    peer.print = print;
    judgePlausibility(peer);
    if (!isKnown(print) || isHeld())
        return;
    // If it has come to where we are, its local addresses may be its own again.
    bool isHere = false;
    for (PathCandidate &candidate : peer.table.all()) {
        const PathNetwork *way = where.wayTo(candidate.endpoint);
        const bool isThere = way && way->print == print;
        candidate.looks = isThere ? 0 : candidate.looks;
        isHere = isHere || isThere;
    }
    if (isHere)
        search(peer, true);
}

void PathMachine::heardPing(PeerPaths &peer, const Ping &ping, const ProbeHeard &heard)
{
    if (plausibilityOf(heard.source, EndpointScope::Any, where) == Plausibility::Never)
        return;
    answer(peer, ping, heard);
    noteAgent(peer, ping.network);
    PathCandidate *candidate = noteSource(peer, heard);
    if (isHeld() || !candidate)
        return;
    if (ping.nominates) {
        peer.nomination = Nomination{heard.source, now};
        doubtOthers(peer, heard.source);
    }
    doubtOnLink(peer, heard.source);
    if (ping.asksToInitiate)
        peer.initiation = Nomination{heard.source, now};
    askBack(peer, *candidate, ping.nominates || ping.asksToInitiate);
    initiate(peer);
}

/// A question came from there. Nothing, if there is no room for one more place.
PathCandidate *PathMachine::noteSource(PeerPaths &peer, const ProbeHeard &heard)
{
    PathCandidate &candidate = peer.table.see(peer.configured, heard.source, now);
    candidate.lastHeard = now;
    // The peer itself asks from there: no stranger lives there, if it is where our packets go.
    const PathNetwork *way = where.wayTo(heard.source);
    if (way && way->interfaceIndex == heard.interfaceIndex)
        candidate.looks = 0;
    peer.table.limit(policy.mostCandidates, peer.inUse);
    judgePlausibility(peer);
    return peer.table.find(heard.source);
}

void PathMachine::answer(PeerPaths &peer, const Ping &ping, const ProbeHeard &heard)
{
    if (!peer.answers.take(now))
        return;
    const PathNetwork *network = where.byIndex(heard.interfaceIndex);
    const Endpoint seen{heard.source.address, heard.source.port};
    requests.push_back(AskProbe{peer.configured.publicKey,
        Pong{ping.transaction, seen, heard.destination, {}, network ? network->print : NetworkPrint{}}, heard.source,
        heard.interfaceIndex});
}

/// The peer is there now. Whether the other places still lead to it has to be seen again.
void PathMachine::doubtOthers(PeerPaths &peer, const Endpoint &endpoint)
{
    for (PathCandidate &each : peer.table.all()) {
        if (each.endpoint != endpoint)
            each.freshFrom = now;
    }
}

/// Said to be beside us, and asks from afar: see whether it still is, but not with every question.
void PathMachine::doubtOnLink(PeerPaths &peer, const Endpoint &source)
{
    if (!peer.onLink || where.connectedTo(source) || peer.doubtAt)
        return;
    const bool isLately = peer.doubtedAt && *peer.doubtedAt + policy.askBackEvery > now;
    peer.doubtAt = isLately ? *peer.doubtedAt + policy.askBackEvery : now;
}

void PathMachine::askOnLink(PeerPaths &peer)
{
    if (!peer.doubtAt || *peer.doubtAt > now)
        return;
    peer.doubtedAt = now;
    peer.doubtAt.reset();
    for (PathCandidate &each : peer.table.all()) {
        if (each.kind == PathKind::SameLink && peer.onLink)
            askAgain(peer, each, 3);
    }
}

/// A question that comes from somewhere says that the peer can send from there; only an answer says more. If the peer asks
/// from elsewhere than where we send, ours may be the path that it has lost.
void PathMachine::askBack(PeerPaths &peer, PathCandidate &candidate, bool isUrgent)
{
    // That it asks from where we send to anyway says nothing new.
    if (peer.inUse == candidate.endpoint && !isUrgent && !isUseless(peer))
        return;
    const bool isOfUse = isUrgent || controls(peer) || isActive(peer) || isUseless(peer);
    const bool isBeside = where.connectedTo(candidate.endpoint) != nullptr;
    if (isOfUse && isBeside && triesFor(peer, candidate) > 0)
        candidate.question.hasten(now, policy);
    const auto opened = candidate.question.openedAt();
    const PathPolicy::Milli pause = isUrgent ? policy.suspectAfter : PathPolicy::Milli(policy.askBackEvery);
    const bool isLately = opened && *opened + pause > now;
    if (!isOfUse || isLately || isFresh(candidate))
        return;
    askAgain(peer, candidate, 3);
    PathCandidate *current = peer.current();
    if (current && current != &candidate && !isFresh(*current) && controls(peer))
        askAgain(peer, *current, 3);
}

void PathMachine::heardPong(PeerPaths &peer, const Pong &pong, const ProbeHeard &heard)
{
    PathCandidate *candidate = peer.table.find(heard.source);
    const auto sentAt
        = candidate ? candidate->question.takeAnswer(pong.transaction, now, policy) : std::optional<PathTime>();
    if (!sentAt)
        return;
    noteAgent(peer, pong.network);
    noteAnswer(*candidate, pong, now - *sentAt);
    if (peer.nominated == candidate->endpoint)
        peer.nominated.reset();
    if (peer.inUse == candidate->endpoint) {
        endWatch(peer);
        if (!peer.move && std::exchange(peer.isUnannounced, false))
            nominate(peer, *candidate);
    }
    checkOnLink(peer, *candidate);
    initiate(peer);
}

void PathMachine::noteAnswer(PathCandidate &candidate, const Pong &pong, std::chrono::microseconds elapsed)
{
    candidate.roundTrip.add(elapsed - std::clamp<std::chrono::microseconds>(pong.held, {}, elapsed), now);
    const bool isObserved = candidate.source == CandidateSource::Observed;
    candidate.kind = provedBy(pong, {candidate.endpoint, candidate.scope, isObserved}, where);
    if (!policy.attests && where.connectedTo(candidate.endpoint))
        candidate.kind = PathKind::SameLink;
    candidate.lastAnswer = now;
    candidate.isHereProved = true;
    candidate.isSilent = false;
    candidate.looks = 0;
    ++candidate.successes;
}

/// Remembers which networks lead straight to a local address, and whether the peer is on one with us.
void PathMachine::checkOnLink(PeerPaths &peer, const PathCandidate &candidate)
{
    constexpr std::size_t kMostNetworks = 4;
    const PathNetwork *way = where.wayTo(candidate.endpoint);
    PathCandidate *known = peer.table.find(candidate.endpoint);
    const bool isDirect = candidate.kind == PathKind::SameLink || candidate.kind == PathKind::Routed;
    if (!way || !isDirect)
        return;
    auto &prints = known->provedOn;
    if (isKnown(way->print) && std::ranges::find(prints, way->print) == prints.end()) {
        prints.push_back(way->print);
        if (prints.size() > kMostNetworks)
            prints.erase(prints.begin());
    }
    if (candidate.kind == PathKind::SameLink)
        peer.onLink = way->interfaceIndex;
}

void PathMachine::tellOnLink()
{
    std::vector<std::pair<PublicKey, quint32>> onLink;
    for (const auto &[key, peer] : peers) {
        if (peer.onLink)
            onLink.emplace_back(key, *peer.onLink);
    }
    if (onLink == toldOnLink)
        return;
    toldOnLink = onLink;
    requests.push_back(TellOnLink{std::move(onLink)});
}

} // namespace sallyport
