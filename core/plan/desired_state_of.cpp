// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_state_of.h"

#include "core/plan/desired_dns.h"
#include "core/plan/desired_links.h"
#include "core/plan/desired_routing.h"
#include "core/plan/guard.h"
#include "core/plan/host_names.h"
#include "core/plan/quiet_neighbour.h"
#include "core/plan/ruleset.h"
#include "core/plan/tunnel_mtu.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// Builds the wanted objects of one configuration; lives for one call of desiredStateOf.
class Builder {
public:
    Builder(const Configuration &configuration, const Intent &intent, const Surroundings &around,
        const KnownSecrets &secrets)
        : m_configuration(configuration), m_intent(intent), m_around(around), m_secrets(secrets)
    {
    }

    DesiredState build();

private:
    Result<Done> chooseExit();
    Result<Done> addHomeLink();
    Result<Done> addExitLink();
    void addLinks();
    void giveUpExit(const Error &reason);
    void addSettings();
    void addGuard();
    RoutingFacts routingFacts() const;
    std::optional<std::vector<quint32>> provedOn(const PublicKey &device) const;
    Table plumbing() const;

    const Configuration &m_configuration;
    const Intent &m_intent;
    const Surroundings &m_around;
    const KnownSecrets &m_secrets;
    bool m_home = false; ///< Home is wanted and can be had
    const Exit *m_exit = nullptr; ///< the one that is on
    const ProviderExit *m_provider = nullptr;
    const Device *m_exitDevice = nullptr;
    DesiredState m_state;
};

DesiredState Builder::build()
{
    if (const auto chosen = chooseExit(); !chosen)
        giveUpExit(chosen.error());
    addLinks();
    addGuard();
    if (m_state.links.empty() && !m_state.missingExit)
        return m_state;
    const RoutingFacts facts = routingFacts();
    m_state.routes = desiredRoutes(facts);
    m_state.rules = desiredRules(facts);
    addSettings();
    if (m_home)
        m_state.hosts = hostNames(*m_configuration.home);
    m_state.dns = dnsThrough(m_state.links, desiredDns(m_configuration, m_intent));
    m_state.tables.push_back(plumbing());
    return m_state;
}

void Builder::addLinks()
{
    m_home = m_intent.home;
    if (m_intent.home || m_exitDevice) {
        if (const auto added = addHomeLink(); !added) {
            m_home = false;
            if (m_intent.home)
                m_state.missingHome = added.error();
            if (m_exitDevice)
                giveUpExit(added.error());
        }
    }
    if (m_provider) {
        if (const auto added = addExitLink(); !added)
            giveUpExit(added.error());
    }
}

void Builder::giveUpExit(const Error &reason)
{
    m_state.missingExit = reason;
    m_exit = nullptr;
    m_provider = nullptr;
    m_exitDevice = nullptr;
}

void Builder::addSettings()
{
    m_state.settings.push_back({u"ipv4/conf/all/src_valid_mark"_s, u"1"_s});
    // Ours to decide: nobody else's rp_filter is touched (plumbing.md section 6.4).
    for (const DesiredLink &link : m_state.links) {
        m_state.settings.push_back({u"ipv4/conf/%1/rp_filter"_s.arg(link.name), u"2"_s});
        // Else deleting the first address of a network deletes the others in it, and with the last one the routes.
        m_state.settings.push_back({u"ipv4/conf/%1/promote_secondaries"_s.arg(link.name), u"1"_s});
    }
    for (Setting &setting : quietNeighbours(m_around.uplinks))
        m_state.settings.push_back(std::move(setting));
}

void Builder::addGuard()
{
    if (!m_intent.exit && !m_intent.lockdown)
        return;
    GuardFacts facts;
    facts.allowLan = m_configuration.policy.allowLan;
    facts.networkDns = m_configuration.policy.exitDns == u"network"_s;
    facts.around = m_around;
    for (const DesiredLink &link : m_state.links) {
        if (link.name == QLatin1String(kHomeLink)) {
            facts.homeCarries = true;
            facts.homePort = link.listenPort;
        } else {
            facts.server = link.peers.front().peer.endpoint;
        }
    }
    m_state.tables.push_back(guardTable(facts));
    GuardFacts early;
    early.allowLan = facts.allowLan;
    m_state.bootGuard = bootGuardText(early);
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

Result<Done> Builder::addHomeLink()
{
    if (!m_configuration.home)
        return Error{Errc::NotConfigured, u"There is no home to switch on; create or import one first."_s, u"home"_s};
    auto link = desiredHomeLink(*m_configuration.home, m_exitDevice, !m_intent.home, m_around, m_secrets);
    if (!link)
        return link.error();
    m_state.links.push_back(std::move(*link));
    return Done{};
}

Result<Done> Builder::addExitLink()
{
    auto link = desiredExitLink(m_exit->name, *m_provider, m_around, m_secrets);
    if (!link)
        return link.error();
    m_state.links.push_back(std::move(*link));
    return Done{};
}

std::optional<std::vector<quint32>> Builder::provedOn(const PublicKey &device) const
{
    if (!m_around.mesh.isThere)
        return std::nullopt;
    std::vector<quint32> interfaces;
    for (const auto &[peer, interface] : m_around.mesh.onLink) {
        if (peer == device)
            interfaces.push_back(interface);
    }
    return interfaces;
}

RoutingFacts Builder::routingFacts() const
{
    RoutingFacts facts;
    facts.allowLan = m_configuration.policy.allowLan;
    facts.uplinks = m_around.uplinks;
    facts.virtualLinks = m_around.virtualLinks;
    if (m_home) {
        facts.home = true;
        facts.homeCarriesIPv6 = carriesIPv6(m_state.links.front().mtu);
        for (const InterfaceAddress &own : m_configuration.home->addresses)
            facts.homeNetworks.push_back(own.network());
        for (const Device *device : peersOf(*m_configuration.home)) {
            facts.deviceAddresses.insert(
                facts.deviceAddresses.end(), device->addresses.begin(), device->addresses.end());
            for (const Prefix &network : device->routes)
                facts.subnets.push_back({network, provedOn(device->publicKey)});
        }
    }
    if (m_exit) {
        facts.exitLink = QString::fromLatin1(m_provider ? kExitLink : kHomeLink);
        facts.exitAddresses = (m_provider ? m_state.links.back() : m_state.links.front()).addresses;
        facts.exitResolvers = resolversOfExit(m_configuration, m_intent);
    } else if (m_state.missingExit) {
        facts.exitLink = QString::fromLatin1(kExitLink); // carries no address, so both families are refused
    }
    return facts;
}

Table Builder::plumbing() const
{
    PlumbingFacts facts;
    for (const DesiredLink &link : m_state.links) {
        for (const InterfaceAddress &own : link.addresses)
            facts.tunnelAddresses.push_back(own.address);
    }
    std::ranges::sort(facts.tunnelAddresses);
    facts.tunnelAddresses.erase(std::ranges::unique(facts.tunnelAddresses).begin(), facts.tunnelAddresses.end());
    return plumbingTable(facts);
}

} // namespace

DesiredState desiredStateOf(
    const Configuration &configuration, const Intent &intent, const Surroundings &around, const KnownSecrets &secrets)
{
    return Builder(configuration, intent, around, secrets).build();
}

} // namespace sallyport
