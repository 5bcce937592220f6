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
    const bool isNews = !peer.hasAgent || peer.print != print;
    peer.hasAgent = true;
    peer.retries = 0;
    if (!isNews)
        return;
    peer.print = print;
    judgePlausibility(peer);
}

void PathMachine::heardPing(PeerPaths &peer, const Ping &ping, const ProbeHeard &heard)
{
    if (plausibilityOf(heard.source, EndpointScope::Any, where) == Plausibility::Never)
        return;
    answer(peer, ping, heard);
    noteAgent(peer, ping.network);
    PathCandidate &candidate = peer.table.see(peer.configured, heard.source, now);
    candidate.lastHeard = now;
    // The peer itself asks from there: no stranger lives there.
    candidate.looks = 0;
    peer.table.limit(policy.mostCandidates, peer.inUse);
    judgePlausibility(peer);
    PathCandidate *kept = peer.table.find(heard.source);
    if (isHeld() || !kept)
        return;
    if (ping.nominates)
        peer.nomination = Nomination{heard.source, now};
    askBack(peer, *kept, ping.nominates);
    if (ping.asksToInitiate)
        initiate(peer, *kept);
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

/// A question that comes from somewhere says that the peer can send from there; only an answer says more. If the peer asks
/// from elsewhere than where we send, ours may be the path that it has lost.
void PathMachine::askBack(PeerPaths &peer, PathCandidate &candidate, bool isNomination)
{
    const bool isOfUse = isNomination || controls(peer) || isActive(peer) || isUseless(peer);
    const auto opened = candidate.question.openedAt();
    const bool isLately = opened && *opened + policy.askBackEvery > now;
    if (!isOfUse || isLately || (isFresh(candidate) && !isNomination))
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
    const auto elapsed = now - *sentAt;
    candidate->roundTrip.add(elapsed - std::clamp<std::chrono::microseconds>(pong.held, {}, elapsed), now);
    const bool isObserved = candidate->source == CandidateSource::Observed;
    candidate->kind = provedBy(pong, {candidate->endpoint, candidate->scope, isObserved}, where);
    if (!policy.attests && where.connectedTo(candidate->endpoint))
        candidate->kind = PathKind::SameLink;
    candidate->lastAnswer = now;
    candidate->isHereProved = true;
    candidate->isSilent = false;
    candidate->looks = 0;
    ++candidate->successes;
    if (peer.nominated == candidate->endpoint)
        peer.nominated.reset();
    if (peer.inUse == candidate->endpoint)
        endWatch(peer);
    checkOnLink(peer, *candidate);
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
