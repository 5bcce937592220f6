// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

void PathMachine::take(const PeersChanged &changed)
{
    own = changed.own;
    addresses = changed.addresses;
    where.mesh = meshOf(changed.addresses, changed.peers);
    std::map<PublicKey, PeerPaths> before = std::exchange(peers, {});
    std::vector<QString> wanted;
    for (const PathPeer &each : changed.peers) {
        const auto known = before.find(each.publicKey);
        PeerPaths &peer
            = known == before.end() ? peers[each.publicKey] : peers[each.publicKey] = std::move(known->second);
        peer.configured = each;
        peer.answers = RateLimit(policy.answersPerSecond);
        std::ranges::copy(namesOf(each), std::back_inserter(wanted));
        relist(peer);
    }
    names.keepOnly(wanted);
    if (trial && !peers.contains(trial->peer))
        trial.reset();
    if (isHeld())
        return;
    for (auto &[key, peer] : peers) {
        askNames(peer);
        search(peer, !isBusy(peer));
    }
    askStats();
}

void PathMachine::take(const HomeEnded &)
{
    peers.clear();
    names.keepOnly({});
    trial.reset();
    lastTraffic.reset();
    nextStats.reset();
    statsAskedAt.reset();
    isWatching = false;
}

void PathMachine::relist(PeerPaths &peer)
{
    peer.table.list(peer.configured, names, where, now);
    if (peer.inUse)
        peer.table.see(peer.configured, *peer.inUse, now);
    peer.table.limit(policy.mostCandidates, peer.inUse);
    judgePlausibility(peer);
}

void PathMachine::take(const NameResolved &resolved)
{
    const auto usable = usableRecords(resolved.addresses, names.addressesOf(resolved.name), where, policy.mostRecords);
    names.answer(resolved.name, usable, resolved.lifetime, now, policy);
    for (auto &[key, peer] : peers) {
        const auto mine = namesOf(peer.configured);
        if (std::ranges::find(mine, resolved.name) == mine.end())
            continue;
        const auto before = peer.table.all().size();
        relist(peer);
        const bool isNew = std::ranges::any_of(
            peer.table.all(), [&](const PathCandidate &each) { return each.isListed && each.knownSince == now; });
        if ((isNew || before != peer.table.all().size()) && !isHeld() && (isActive(peer) || isUseless(peer)))
            search(peer);
    }
}

bool PathMachine::isNameOfUse(const PeerPaths &peer, const QString &name) const
{
    const PathCandidate *current = peer.current();
    return names.addressesOf(name).empty() || !current || current->written.host == name || isUseless(peer);
}

/// Of a peer that needs them: its endpoint came from the name, or it is not reached.
void PathMachine::askNames(PeerPaths &peer)
{
    if (isHeld() || where.networks.empty())
        return;
    for (const QString &name : namesOf(peer.configured)) {
        if (isNameOfUse(peer, name) && names.ask(name, now, policy))
            requests.push_back(AskName{name});
    }
}

void PathMachine::askDueNames()
{
    if (!isAwake())
        return;
    for (auto &[key, peer] : peers) {
        if (isBusy(peer))
            askNames(peer);
    }
}

std::optional<PathTime> PathMachine::nextNameAt() const
{
    std::optional<PathTime> due;
    for (const auto &[key, peer] : peers) {
        if (!isBusy(peer) || where.networks.empty())
            continue;
        for (const QString &name : namesOf(peer.configured)) {
            const PathTime at = names.dueAt(name, policy);
            if (isNameOfUse(peer, name) && (!due || at < *due))
                due = at;
        }
    }
    return due;
}

} // namespace sallyport
