// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_dns.h"

#include "core/model/exit_dns.h"

#include <QUrl>

#include <algorithm>
#include <iterator>
#include <optional>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString kEverything = u"."_s;
constexpr std::size_t kServersInFile = 3; ///< MAXNS of resolv.h; what comes after is not read
constexpr qsizetype kSearchesInFile = 6; ///< what old C libraries read

QString homeLink()
{
    return QString::fromLatin1(kHomeLink);
}

QString exitLink()
{
    return QString::fromLatin1(kExitLink);
}

/// As systemd-resolved tells it: ASCII, small letters, no final dot.
QString plainDomain(const QString &domain)
{
    const QString bare = domain.endsWith(u'.') ? domain.chopped(1) : domain;
    return QString::fromLatin1(QUrl::toAce(bare)).toLower();
}

std::vector<DnsServer> serversAt(const std::vector<IpAddress> &addresses)
{
    std::vector<DnsServer> servers;
    for (const IpAddress &address : addresses) {
        const DnsServer server{address, {}};
        if (std::ranges::find(servers, server) == servers.end())
            servers.push_back(server);
    }
    return servers;
}

/// A server that the exit cannot carry packets to only costs time; with no other it stays, for the sake of the sentence.
std::vector<DnsServer> reachable(const std::vector<DnsServer> &servers, const std::vector<InterfaceAddress> &own)
{
    std::vector<DnsServer> carried;
    std::ranges::copy_if(servers, std::back_inserter(carried), [&](const DnsServer &server) {
        return std::ranges::any_of(
            own, [&](const auto &each) { return each.address.family() == server.address.family(); });
    });
    return carried.empty() ? servers : carried;
}

bool isAtHome(const Home &home, const DnsServer &server)
{
    const auto has = [&](const Prefix &prefix) { return prefix.contains(server.address); };
    return std::ranges::any_of(home.addresses, [&](const auto &own) { return has(own.network()); })
        || std::ranges::any_of(home.devices, [&](const Device &device) {
               return std::ranges::any_of(device.addresses, has) || std::ranges::any_of(device.routes, has);
           });
}

/// The exit that is on, and what of home can be used with it.
struct Way {
    const ProviderExit *provider = nullptr; ///< none: one of home's devices
    const Home *home = nullptr; ///< whose link is up
};

std::optional<Way> wayOut(const Configuration &configuration, const Intent &intent)
{
    const Exit *exit = intent.exit ? findExit(configuration, intent.exitName) : nullptr;
    if (!exit)
        return std::nullopt;
    Way way;
    way.provider = std::get_if<ProviderExit>(&exit->way);
    if (configuration.home && (intent.home || !way.provider))
        way.home = &*configuration.home;
    return way.provider || way.home ? std::optional(way) : std::nullopt;
}

LinkDns askedAtHome(std::vector<DnsServer> servers)
{
    return {homeLink(), std::move(servers), {}, {kEverything}};
}

LinkDns dnsOfProvider(const ProviderExit &provider)
{
    LinkDns dns{exitLink(), reachable(serversAt(provider.dns), provider.addresses), {}, {kEverything}};
    for (const QString &domain : provider.searchDomains)
        dns.searchDomains += plainDomain(domain);
    return dns;
}

LinkDns dnsOfServers(const Way &way, const std::vector<DnsServer> &servers)
{
    const auto isInside = [&](const DnsServer &server) { return isAtHome(*way.home, server); };
    if (!way.provider || (way.home && std::ranges::all_of(servers, isInside)))
        return askedAtHome(reachable(servers, way.home->addresses));
    return {exitLink(), reachable(servers, way.provider->addresses), {}, {kEverything}};
}

/// Who is asked for everything while Exit is on; no servers: nobody of ours.
LinkDns dnsOfExit(const Configuration &configuration, const Intent &intent)
{
    const auto way = wayOut(configuration, intent);
    const auto choice = ExitDns::parse(configuration.policy.exitDns);
    if (!way || !choice || choice->from == ExitDns::From::Network)
        return {};
    if (choice->from == ExitDns::From::Servers)
        return dnsOfServers(*way, choice->servers);
    // A device that is an exit has no servers but those at home.
    if (way->home && !way->home->dns.empty() && (choice->from == ExitDns::From::Home || !way->provider))
        return askedAtHome(serversAt(way->home->dns));
    return way->provider ? dnsOfProvider(*way->provider) : LinkDns();
}

} // namespace

std::vector<LinkDns> desiredDns(const Configuration &configuration, const Intent &intent)
{
    std::vector<LinkDns> wanted;
    LinkDns everything = dnsOfExit(configuration, intent);
    const bool ownedByHome = everything.link == homeLink();
    if (!everything.servers.empty())
        wanted.push_back(std::move(everything));
    const Home *home = intent.home && configuration.home ? &*configuration.home : nullptr;
    if (home && !home->domain.isEmpty() && !home->dns.empty() && !ownedByHome)
        wanted.push_back({homeLink(), serversAt(home->dns), {}, {plainDomain(home->domain)}});
    std::ranges::sort(wanted, {}, &LinkDns::link);
    return wanted;
}

const LinkDns *ownerOfEverything(const std::vector<LinkDns> &dns)
{
    const auto found
        = std::ranges::find_if(dns, [](const LinkDns &each) { return each.routingDomains.contains(kEverything); });
    return found == dns.end() ? nullptr : &*found;
}

std::vector<LinkDns> carriedDns(const std::vector<LinkDns> &wanted, DnsWay way)
{
    if (way == DnsWay::None)
        return {};
    if (way == DnsWay::Resolved)
        return wanted;
    const LinkDns *everything = ownerOfEverything(wanted);
    if (!everything)
        return {};
    LinkDns carried = *everything;
    std::erase_if(carried.servers, [](const DnsServer &server) { return !server.tlsName.isEmpty(); });
    if (carried.servers.empty())
        return {};
    if (carried.servers.size() > kServersInFile)
        carried.servers.resize(kServersInFile);
    carried.searchDomains = carried.searchDomains.mid(0, kSearchesInFile);
    carried.routingDomains = {kEverything};
    return {carried};
}

std::vector<IpAddress> resolversOfExit(const Configuration &configuration, const Intent &intent)
{
    const auto way = wayOut(configuration, intent);
    const LinkDns dns = dnsOfExit(configuration, intent);
    std::vector<IpAddress> resolvers;
    if (!way || !way->provider || dns.link != exitLink())
        return resolvers;
    for (const DnsServer &server : dns.servers) {
        const bool offered = std::ranges::find(way->provider->dns, server.address) != way->provider->dns.end();
        const bool carried = std::ranges::any_of(way->provider->addresses,
            [&](const InterfaceAddress &own) { return own.address.family() == server.address.family(); });
        if (offered && carried)
            resolvers.push_back(server.address);
    }
    return resolvers;
}

bool dnsIsAsWanted(const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    return carriedDns(dnsThrough(observed.links, desiredDns(configuration, intent)), observed.dnsWay) == observed.dns;
}

} // namespace sallyport
