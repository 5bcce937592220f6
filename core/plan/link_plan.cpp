// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/link_plan.h"

#include <algorithm>

namespace sallyport {

using namespace std::chrono_literals;

namespace {

/// REJECT_AFTER_TIME of WireGuard: an older session carries nothing (WireGuard paper, section 6.1).
constexpr std::chrono::seconds kSessionLifetime = 180s;

struct PeerPlan {
    std::vector<PeerChange> grow;
    std::vector<PeerChange> shrink;
};

PeerChange newPeer(const DesiredPeer &wanted)
{
    PeerChange change;
    change.publicKey = wanted.peer.publicKey;
    if (!wanted.presharedKeyName.isEmpty())
        change.presharedKeyName = wanted.presharedKeyName;
    change.endpoint = wanted.peer.endpoint;
    change.allowedIps = wanted.peer.allowedIps;
    if (wanted.peer.persistentKeepalive != 0)
        change.persistentKeepalive = wanted.peer.persistentKeepalive;
    return change;
}

/// The kernel's endpoint is the truth: peers roam, and every write sends traffic elsewhere. Ours is better only if
/// there is none, if a fixed server is meant, if the present one is on a network that we left, if ours is on the
/// network that we stand on, or if nobody has answered at the present one for a session's lifetime. Two who write never
/// agree: where meshd looks for the way, it alone writes.
bool shouldMove(const DesiredPeer &wanted, const ObservedPeer &present)
{
    if (!wanted.peer.endpoint || present.peer.endpoint == wanted.peer.endpoint)
        return false;
    if (!present.peer.endpoint || wanted.fixedEndpoint)
        return true;
    if (wanted.isFollowed)
        return false;
    const bool isDead = !present.activity.handshakeAge || *present.activity.handshakeAge > kSessionLifetime;
    return isDead || wanted.onLan || std::ranges::binary_search(wanted.elsewhere, *present.peer.endpoint);
}

bool includesAll(const std::vector<Prefix> &all, const std::vector<Prefix> &part)
{
    return std::ranges::includes(all, part);
}

/// Adds what grows or moves at once, and what takes prefixes away only later.
void planPeer(const DesiredPeer &wanted, const ObservedPeer &present, PeerPlan &plan)
{
    PeerChange change;
    change.publicKey = wanted.peer.publicKey;
    change.updateOnly = true;
    if (wanted.peer.presharedKey != present.peer.presharedKey)
        change.presharedKeyName = wanted.presharedKeyName;
    if (shouldMove(wanted, present))
        change.endpoint = wanted.peer.endpoint;
    if (wanted.peer.persistentKeepalive != present.peer.persistentKeepalive)
        change.persistentKeepalive = wanted.peer.persistentKeepalive;
    PeerChange later;
    later.publicKey = change.publicKey;
    later.updateOnly = true;
    if (wanted.peer.allowedIps != present.peer.allowedIps) {
        const bool onlyGrows = includesAll(wanted.peer.allowedIps, present.peer.allowedIps);
        (onlyGrows ? change : later).allowedIps = wanted.peer.allowedIps;
    }
    const bool changes = change.presharedKeyName || change.endpoint || change.persistentKeepalive || change.allowedIps;
    if (changes)
        plan.grow.push_back(std::move(change));
    if (later.allowedIps)
        plan.shrink.push_back(std::move(later));
}

/// Both lists are sorted by public key, so one pass over both suffices for 10,000 peers.
PeerPlan planPeers(const std::vector<DesiredPeer> &desired, const std::vector<ObservedPeer> &observed)
{
    PeerPlan plan;
    auto present = observed.begin();
    const auto removeUntil = [&](const PublicKey *limit) {
        for (; present != observed.end() && (!limit || present->peer.publicKey < *limit); ++present) {
            PeerChange change;
            change.publicKey = present->peer.publicKey;
            change.remove = true;
            plan.shrink.push_back(std::move(change));
        }
    };
    for (const DesiredPeer &wanted : desired) {
        removeUntil(&wanted.peer.publicKey);
        if (present != observed.end() && present->peer.publicKey == wanted.peer.publicKey)
            planPeer(wanted, *present++, plan);
        else
            plan.grow.push_back(newPeer(wanted));
    }
    removeUntil(nullptr);
    return plan;
}

bool changesAnything(const ConfigureWireGuard &change)
{
    return change.privateKeyName || change.listenPort || change.mark || change.replacePeers || !change.peers.empty();
}

void planDevice(const DesiredLink &wanted, const ObservedLink &present, LinkPlan &plan)
{
    ConfigureWireGuard grow;
    grow.link = wanted.name;
    // Sessions of another identity or another server are worth nothing: start over in one message.
    const bool newIdentity = present.publicKey != wanted.publicKey;
    if (newIdentity)
        grow.privateKeyName = wanted.privateKeyName;
    if (wanted.listenPort != 0 && present.listenPort != wanted.listenPort)
        grow.listenPort = wanted.listenPort;
    if (present.mark != wanted.mark)
        grow.mark = wanted.mark;
    grow.replacePeers = newIdentity && !present.peers.empty();
    PeerPlan peers = planPeers(wanted.peers, newIdentity ? std::vector<ObservedPeer>{} : present.peers);
    grow.peers = std::move(peers.grow);
    if (changesAnything(grow))
        plan.grow.push_back(std::move(grow));
    ConfigureWireGuard shrink;
    shrink.link = wanted.name;
    shrink.peers = std::move(peers.shrink);
    if (changesAnything(shrink))
        plan.shrink.push_back(std::move(shrink));
}

void planAddresses(const DesiredLink &wanted, const ObservedLink &present, LinkPlan &plan)
{
    for (const InterfaceAddress &address : wanted.addresses) {
        if (!std::ranges::binary_search(present.addresses, address))
            plan.grow.push_back(AddAddress{wanted.name, address});
    }
    for (const InterfaceAddress &address : present.addresses) {
        if (!std::ranges::binary_search(wanted.addresses, address))
            plan.grow.push_back(DeleteAddress{wanted.name, address});
    }
}

void planLink(const DesiredLink &wanted, const ObservedLink *present, LinkPlan &plan)
{
    const ObservedLink fresh{wanted.name, true, Backend::Kernel, false, 0, {}, {}, 0, 0, {}};
    if (!present || !present->ours)
        plan.grow.push_back(CreateLink{wanted.name});
    const ObservedLink &base = present && present->ours ? *present : fresh;
    planDevice(wanted, base, plan);
    // First: below 1280 the link has no IPv6, and no address of that family can be added.
    if (base.mtu != wanted.mtu)
        plan.grow.push_back(SetLinkMtu{wanted.name, wanted.mtu});
    planAddresses(wanted, base, plan);
    if (!base.up)
        plan.grow.push_back(SetLinkUp{wanted.name});
}

} // namespace

LinkPlan planLinks(const DesiredState &desired, const ObservedState &observed)
{
    LinkPlan plan;
    for (const DesiredLink &wanted : desired.links) {
        const auto present = std::ranges::find(observed.links, wanted.name, &ObservedLink::name);
        planLink(wanted, present == observed.links.end() ? nullptr : &*present, plan);
    }
    for (const ObservedLink &present : observed.links) {
        if (!present.ours || std::ranges::find(desired.links, present.name, &DesiredLink::name) != desired.links.end())
            continue;
        // The kernel takes about 18 ms per peer to delete a link that still has them (real-kernel.md section 3).
        if (!present.peers.empty())
            plan.shrink.push_back(ConfigureWireGuard{present.name, {}, {}, {}, true, {}});
        plan.remove.push_back(DeleteLink{present.name});
    }
    return plan;
}

} // namespace sallyport
