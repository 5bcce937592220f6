// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_state_of.h"

#include "core/plan/desired_routing.h"
#include "core/plan/endpoint_choice.h"
#include "core/plan/host_names.h"
#include "core/plan/ruleset.h"

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

void sortUnique(std::vector<Prefix> &prefixes)
{
    std::ranges::sort(prefixes);
    prefixes.erase(std::ranges::unique(prefixes).begin(), prefixes.end());
}

quint32 tunnelMtu(quint16 configured, const std::vector<Uplink> &uplinks)
{
    if (configured != 0)
        return configured;
    quint32 smallest = kMaximumMtu + kTunnelOverhead;
    for (const Uplink &uplink : uplinks) {
        if (uplink.hasDefaultRoute)
            smallest = std::min(smallest, uplink.mtu);
    }
    return std::clamp(smallest, kMinimumMtu + kTunnelOverhead, kMaximumMtu + kTunnelOverhead) - kTunnelOverhead;
}

std::vector<InterfaceAddress> sorted(std::vector<InterfaceAddress> addresses)
{
    std::ranges::sort(addresses);
    addresses.erase(std::ranges::unique(addresses).begin(), addresses.end());
    return addresses;
}

/// Builds the wanted objects of one configuration; lives for one call of desiredStateOf.
class Builder {
public:
    Builder(const Configuration &configuration, const Intent &intent, const std::vector<Uplink> &uplinks,
        const KnownSecrets &secrets, const std::vector<Prefix> &virtualNetworks)
        : m_configuration(configuration), m_intent(intent), m_uplinks(uplinks), m_secrets(secrets),
          m_virtualNetworks(virtualNetworks)
    {
    }

    Result<DesiredState> build();

private:
    Result<Done> chooseExit();
    Result<Done> addLinks();
    void giveUpExit(const Error &reason);
    Result<Done> addHomeLink();
    Result<Done> addExitLink();
    Result<DesiredPeer> homePeer(const Device &device);
    Result<DesiredPeer> providerPeer(const QString &exitName, const ExitPeer &peer);
    Result<Done> setPresharedKey(DesiredPeer &peer, bool wanted, const QString &name, const QString &owner);
    RoutingFacts routingFacts() const;
    void addTables();

    const Configuration &m_configuration;
    const Intent &m_intent;
    const std::vector<Uplink> &m_uplinks;
    const KnownSecrets &m_secrets;
    const std::vector<Prefix> &m_virtualNetworks;
    const Exit *m_exit = nullptr; ///< the one that is on
    const ProviderExit *m_provider = nullptr;
    const Device *m_exitDevice = nullptr;
    DesiredState m_state;
};

Result<DesiredState> Builder::build()
{
    if (m_intent.home && !m_configuration.home)
        return Error{Errc::NotConfigured, u"There is no home to switch on; create or import one first."_s, u"home"_s};
    if (const auto chosen = chooseExit(); !chosen)
        giveUpExit(chosen.error());
    if (const auto added = addLinks(); !added)
        return added.error();
    if (m_state.links.empty() && !m_state.missingExit)
        return m_state;
    const RoutingFacts facts = routingFacts();
    m_state.routes = desiredRoutes(facts);
    m_state.rules = desiredRules(facts);
    m_state.settings.push_back({u"ipv4/conf/all/src_valid_mark"_s, u"1"_s});
    // Ours to decide: nobody else's rp_filter is touched (plumbing.md section 6.4).
    for (const DesiredLink &link : m_state.links) {
        m_state.settings.push_back({u"ipv4/conf/%1/rp_filter"_s.arg(link.name), u"2"_s});
        // Else deleting the first address of a network deletes the others in it, and with the last one the routes.
        m_state.settings.push_back({u"ipv4/conf/%1/promote_secondaries"_s.arg(link.name), u"1"_s});
    }
    if (m_intent.home)
        m_state.hosts = hostNames(*m_configuration.home);
    addTables();
    return m_state;
}

Result<Done> Builder::addLinks()
{
    if (m_intent.home || m_exitDevice) {
        const auto added = addHomeLink();
        if (!added && m_intent.home)
            return added;
        if (!added)
            giveUpExit(added.error());
    }
    if (m_provider) {
        if (const auto added = addExitLink(); !added)
            giveUpExit(added.error());
    }
    return Done{};
}

void Builder::giveUpExit(const Error &reason)
{
    m_state.missingExit = reason;
    m_exit = nullptr;
    m_provider = nullptr;
    m_exitDevice = nullptr;
}

Result<Done> Builder::chooseExit()
{
    if (!m_intent.exit)
        return Done{};
    m_exit = findExit(m_configuration, m_intent.exitName);
    if (!m_exit && m_intent.exitName.isEmpty())
        return Error{
            Errc::NotConfigured, u"No exit is chosen; choose one with `sally exit use NAME`."_s, u"exitName"_s};
    if (!m_exit)
        return Error{Errc::UnknownName, u"There is no exit called %1."_s.arg(m_intent.exitName), u"exitName"_s};
    m_provider = std::get_if<ProviderExit>(&m_exit->way);
    if (m_provider)
        return Done{};
    const QString &name = std::get<DeviceExit>(m_exit->way).device;
    m_exitDevice = m_configuration.home ? findDevice(*m_configuration.home, name) : nullptr;
    if (!m_exitDevice)
        return Error{Errc::UnknownName,
            u"The exit %1 needs a device called %2, which home does not have."_s.arg(m_exit->name, name),
            u"exitName"_s};
    return Done{};
}

Result<Done> Builder::setPresharedKey(DesiredPeer &peer, bool wanted, const QString &name, const QString &owner)
{
    if (!wanted)
        return Done{};
    const auto secret = secretFor(name, owner, m_secrets);
    if (!secret)
        return secret.error();
    peer.peer.presharedKey = secret->digest;
    peer.presharedKeyName = name;
    return Done{};
}

Result<DesiredPeer> Builder::homePeer(const Device &device)
{
    DesiredPeer wanted;
    const auto possible = possibleEndpoints(device);
    wanted.peer.publicKey = device.publicKey;
    wanted.peer.endpoint = chooseEndpoint(possible, m_uplinks);
    for (const PossibleEndpoint &each : possible) {
        if (each.onLan && !isOnLink(each.endpoint.address, m_uplinks))
            wanted.elsewhere.push_back(each.endpoint);
        wanted.onLan = wanted.onLan || (each.onLan && each.endpoint == wanted.peer.endpoint);
    }
    std::ranges::sort(wanted.elsewhere);
    wanted.peer.allowedIps = device.addresses;
    wanted.peer.allowedIps.insert(wanted.peer.allowedIps.end(), device.routes.begin(), device.routes.end());
    wanted.peer.persistentKeepalive = device.persistentKeepalive;
    if (&device == m_exitDevice) {
        for (const Family family : kFamilies)
            wanted.peer.allowedIps.push_back(Prefix::everything(family));
        if (wanted.peer.persistentKeepalive == 0)
            wanted.peer.persistentKeepalive = kExitKeepalive;
    }
    sortUnique(wanted.peer.allowedIps);
    if (const auto set
        = setPresharedKey(wanted, device.hasPresharedKey, devicePskName(device.name), u"The device "_s + device.name);
        !set)
        return set.error();
    return wanted;
}

Result<Done> Builder::addHomeLink()
{
    const Home &home = *m_configuration.home;
    const auto key = secretFor(homeSecretName(), u"Home"_s, m_secrets);
    if (!key)
        return key.error();
    DesiredLink link;
    link.name = QString::fromLatin1(kHomeLink);
    link.mtu = tunnelMtu(home.mtu, m_uplinks);
    link.addresses = sorted(home.addresses);
    link.privateKeyName = homeSecretName();
    link.publicKey = key->publicKey;
    link.listenPort = home.listenPort;
    link.mark = kHomeMark;
    for (const Device *device : peersOf(home)) {
        // Home off and Exit through one of its devices: that device and nobody else.
        if (!m_intent.home && device != m_exitDevice)
            continue;
        auto peer = homePeer(*device);
        if (!peer)
            return peer.error();
        link.peers.push_back(std::move(*peer));
    }
    std::ranges::sort(link.peers, {}, [](const DesiredPeer &peer) { return peer.peer.publicKey; });
    m_state.links.push_back(std::move(link));
    return Done{};
}

Result<DesiredPeer> Builder::providerPeer(const QString &exitName, const ExitPeer &peer)
{
    DesiredPeer wanted;
    wanted.fixedEndpoint = true;
    wanted.peer.publicKey = peer.publicKey;
    wanted.peer.endpoint = chooseEndpoint(peer, m_uplinks);
    if (!wanted.peer.endpoint)
        return Error{Errc::NotConfigured,
            u"The address of %1 is not known; apply the configuration again while online."_s.arg(
                peer.endpoint.toString()),
            u"exitName"_s};
    wanted.peer.allowedIps = peer.allowedIps;
    if (wanted.peer.allowedIps.empty()) {
        for (const Family family : kFamilies)
            wanted.peer.allowedIps.push_back(Prefix::everything(family));
    }
    sortUnique(wanted.peer.allowedIps);
    wanted.peer.persistentKeepalive = peer.persistentKeepalive == 0 ? kExitKeepalive : peer.persistentKeepalive;
    if (const auto set
        = setPresharedKey(wanted, peer.hasPresharedKey, exitPskName(exitName), u"The exit "_s + exitName);
        !set)
        return set.error();
    return wanted;
}

Result<Done> Builder::addExitLink()
{
    const QString secretName = exitSecretName(m_exit->name);
    const auto key = secretFor(secretName, u"The exit "_s + m_exit->name, m_secrets);
    if (!key)
        return key.error();
    auto peer = providerPeer(m_exit->name, m_provider->peer);
    if (!peer)
        return peer.error();
    DesiredLink link;
    link.name = QString::fromLatin1(kExitLink);
    link.mtu = tunnelMtu(m_provider->mtu, m_uplinks);
    link.addresses = sorted(m_provider->addresses);
    link.privateKeyName = secretName;
    link.publicKey = key->publicKey;
    link.listenPort = m_provider->listenPort;
    link.mark = kExitMark;
    link.peers.push_back(std::move(*peer));
    m_state.links.push_back(std::move(link));
    return Done{};
}

RoutingFacts Builder::routingFacts() const
{
    RoutingFacts facts;
    facts.allowLan = m_configuration.policy.allowLan;
    facts.uplinks = m_uplinks;
    facts.virtualNetworks = m_virtualNetworks;
    if (m_intent.home) {
        facts.home = true;
        for (const InterfaceAddress &own : m_configuration.home->addresses)
            facts.homeNetworks.push_back(own.network());
        for (const Device *device : peersOf(*m_configuration.home)) {
            facts.deviceAddresses.insert(
                facts.deviceAddresses.end(), device->addresses.begin(), device->addresses.end());
            facts.deviceNetworks.insert(facts.deviceNetworks.end(), device->routes.begin(), device->routes.end());
        }
    }
    if (m_exit) {
        facts.exitLink = QString::fromLatin1(m_provider ? kExitLink : kHomeLink);
        facts.exitAddresses = m_provider ? m_provider->addresses : m_configuration.home->addresses;
    } else if (m_state.missingExit) {
        facts.exitLink = QString::fromLatin1(kExitLink); // carries no address, so both families are refused
    }
    return facts;
}

void Builder::addTables()
{
    PlumbingFacts facts;
    for (const DesiredLink &link : m_state.links) {
        for (const InterfaceAddress &own : link.addresses)
            facts.tunnelAddresses.push_back(own.address);
    }
    std::ranges::sort(facts.tunnelAddresses);
    facts.tunnelAddresses.erase(std::ranges::unique(facts.tunnelAddresses).begin(), facts.tunnelAddresses.end());
    m_state.tables.push_back(plumbingTable(facts));
}

} // namespace

Result<DesiredState> desiredStateOf(const Configuration &configuration, const Intent &intent,
    const std::vector<Uplink> &uplinks, const KnownSecrets &secrets, const std::vector<Prefix> &virtualNetworks)
{
    return Builder(configuration, intent, uplinks, secrets, virtualNetworks).build();
}

} // namespace sallyport
