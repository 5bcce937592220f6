// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_links.h"

#include "core/plan/endpoint_choice.h"
#include "core/plan/tunnel_mtu.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr quint16 kExitKeepalive = 25; ///< seconds; proves an exit and keeps its NAT mapping

Result<KnownSecret> secretFor(const QString &name, const QString &what, const KnownSecrets &secrets)
{
    const auto found = secrets.find(name);
    if (found == secrets.end())
        return Error{Errc::NotConfigured,
            u"%1 has no key; hand it over with `sally apply` and a privateKeyFile or presharedKeyFile."_s.arg(what),
            name};
    return found->second;
}

Result<Done> setPresharedKey(DesiredPeer &peer, const QString &name, const QString &owner, const KnownSecrets &secrets)
{
    const auto secret = secretFor(name, owner, secrets);
    if (!secret)
        return secret.error();
    peer.peer.presharedKey = secret->digest;
    peer.presharedKeyName = name;
    return Done{};
}

void sortUnique(std::vector<Prefix> &prefixes)
{
    std::ranges::sort(prefixes);
    prefixes.erase(std::ranges::unique(prefixes).begin(), prefixes.end());
}

void addEverything(std::vector<Prefix> &prefixes)
{
    for (const Family family : kFamilies)
        prefixes.push_back(Prefix::everything(family));
}

/// Those that a link of that size can have.
std::vector<InterfaceAddress> fitting(std::vector<InterfaceAddress> addresses, quint32 mtu)
{
    std::erase_if(addresses,
        [&](const InterfaceAddress &each) { return each.address.family() == Family::IPv6 && !carriesIPv6(mtu); });
    std::ranges::sort(addresses);
    addresses.erase(std::ranges::unique(addresses).begin(), addresses.end());
    return addresses;
}

void chooseWhereToReach(DesiredPeer &wanted, const Device &device, const std::vector<Uplink> &uplinks)
{
    const auto possible = possibleEndpoints(device);
    wanted.peer.endpoint = chooseEndpoint(possible, uplinks);
    for (const PossibleEndpoint &each : possible) {
        if (each.onLan && !isOnLink(each.endpoint.address, uplinks))
            wanted.elsewhere.push_back(each.endpoint);
        wanted.onLan = wanted.onLan || (each.onLan && each.endpoint == wanted.peer.endpoint);
    }
    std::ranges::sort(wanted.elsewhere);
}

Result<DesiredPeer> homePeer(const Device &device, bool isExit, const Surroundings &around, const KnownSecrets &secrets)
{
    DesiredPeer wanted;
    wanted.peer.publicKey = device.publicKey;
    chooseWhereToReach(wanted, device, around.uplinks);
    wanted.isFollowed = around.mesh.isThere;
    wanted.peer.allowedIps = device.addresses;
    wanted.peer.allowedIps.insert(wanted.peer.allowedIps.end(), device.routes.begin(), device.routes.end());
    wanted.peer.persistentKeepalive = device.persistentKeepalive;
    if (isExit) {
        addEverything(wanted.peer.allowedIps);
        if (wanted.peer.persistentKeepalive == 0)
            wanted.peer.persistentKeepalive = kExitKeepalive;
    }
    sortUnique(wanted.peer.allowedIps);
    if (!device.hasPresharedKey)
        return wanted;
    const auto set = setPresharedKey(wanted, devicePskName(device.name), u"The device "_s + device.name, secrets);
    return set ? Result<DesiredPeer>(std::move(wanted)) : set.error();
}

Result<DesiredPeer> providerPeer(
    const QString &exitName, const ExitPeer &peer, const std::vector<Uplink> &uplinks, const KnownSecrets &secrets)
{
    DesiredPeer wanted;
    wanted.fixedEndpoint = true;
    wanted.peer.publicKey = peer.publicKey;
    wanted.peer.endpoint = chooseEndpoint(peer, uplinks);
    if (!wanted.peer.endpoint)
        return Error{Errc::NotConfigured,
            u"The address of %1 is not known; apply the configuration again while online."_s.arg(
                peer.endpoint.toString()),
            u"exitName"_s};
    wanted.peer.allowedIps = peer.allowedIps;
    if (wanted.peer.allowedIps.empty())
        addEverything(wanted.peer.allowedIps);
    sortUnique(wanted.peer.allowedIps);
    wanted.peer.persistentKeepalive = peer.persistentKeepalive == 0 ? kExitKeepalive : peer.persistentKeepalive;
    if (!peer.hasPresharedKey)
        return wanted;
    const auto set = setPresharedKey(wanted, exitPskName(exitName), u"The exit "_s + exitName, secrets);
    return set ? Result<DesiredPeer>(std::move(wanted)) : set.error();
}

} // namespace

Result<DesiredLink> desiredHomeLink(const Home &home, const Device *exitDevice, bool onlyExitDevice,
    const Surroundings &around, const KnownSecrets &secrets)
{
    const auto key = secretFor(homeSecretName(), u"Home"_s, secrets);
    if (!key)
        return key.error();
    DesiredLink link;
    link.name = QString::fromLatin1(kHomeLink);
    link.mtu = tunnelMtu(home.mtu, around.uplinks);
    link.addresses = fitting(home.addresses, link.mtu);
    link.privateKeyName = homeSecretName();
    link.publicKey = key->publicKey;
    link.listenPort = home.listenPort;
    link.mark = kHomeMark;
    for (const Device *device : peersOf(home)) {
        if (onlyExitDevice && device != exitDevice)
            continue;
        auto peer = homePeer(*device, device == exitDevice, around, secrets);
        if (!peer)
            return peer.error();
        link.peers.push_back(std::move(*peer));
    }
    std::ranges::sort(link.peers, {}, [](const DesiredPeer &peer) { return peer.peer.publicKey; });
    return link;
}

Result<DesiredLink> desiredExitLink(
    const QString &exitName, const ProviderExit &exit, const Surroundings &around, const KnownSecrets &secrets)
{
    const QString secretName = exitSecretName(exitName);
    const auto key = secretFor(secretName, u"The exit "_s + exitName, secrets);
    if (!key)
        return key.error();
    auto peer = providerPeer(exitName, exit.peer, around.uplinks, secrets);
    if (!peer)
        return peer.error();
    DesiredLink link;
    link.name = QString::fromLatin1(kExitLink);
    link.mtu = tunnelMtu(exit.mtu, around.uplinks);
    link.addresses = fitting(exit.addresses, link.mtu);
    link.privateKeyName = secretName;
    link.publicKey = key->publicKey;
    link.listenPort = exit.listenPort;
    link.mark = kExitMark;
    link.peers.push_back(std::move(*peer));
    return link;
}

} // namespace sallyport
