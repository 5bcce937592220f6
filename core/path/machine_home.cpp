// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

void PathMachine::take(const PeersChanged &changed)
{
    own = changed.own;
    where.mesh = meshOf(changed.addresses, changed.peers);
    adoptPeers(changed.peers);
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

/// What is known of peers that stay is kept.
void PathMachine::adoptPeers(const std::vector<PathPeer> &wanted)
{
    std::map<PublicKey, PeerPaths> before = std::exchange(peers, {});
    std::vector<QString> namesInUse;
    for (const PathPeer &each : wanted) {
        PeerPaths &peer = peers[each.publicKey];
        if (const auto known = before.find(each.publicKey); known != before.end())
            peer = std::move(known->second);
        else
            peer.answers = RateLimit(policy.answersPerSecond);
        peer.configured = each;
        std::ranges::copy(namesOf(each), std::back_inserter(namesInUse));
        relist(peer);
    }
    names.keepOnly(namesInUse);
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
        if ((isNew || before != peer.table.all().size()) && !isHeld() && (isActive(peer) || isPoor(peer)))
            search(peer);
    }
}

bool PathMachine::isNameOfUse(const PeerPaths &peer, const QString &name) const
{
    const PathCandidate *current = peer.current();
    return names.addressesOf(name).empty() || !current || current->written.host == name || isPoor(peer);
}

/// Of a peer that needs them: its endpoint came from the name, or it is not reached.
void PathMachine::askNames(PeerPaths &peer)
{
    if (isHeld() || where.networks.empty())
        return;
    for (const QString &name : namesOf(peer.configured)) {
        if (isNameOfUse(peer, name) && names.ask(name, isPoor(peer), now, policy))
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
            const PathTime at = names.dueAt(name, isPoor(peer), policy);
            if (isNameOfUse(peer, name) && (!due || at < *due))
                due = at;
        }
    }
    return due;
}

} // namespace sallyport
