// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/dns_words.h"

#include "core/model/exit_dns.h"
#include "core/plan/desired_dns.h"

#include <algorithm>
#include <iterator>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString kWho = u"resolver"_s;

bool needsTls(const LinkDns &dns)
{
    return !dns.servers.empty() && !dns.servers.front().tlsName.isEmpty();
}

QString names(const LinkDns &dns)
{
    QStringList addresses;
    for (const DnsServer &server : dns.servers)
        addresses += server.address.toString();
    return addresses.join(u", "_s) + (needsTls(dns) ? u" with TLS"_s : QString());
}

bool isHere(const IpAddress &address, const ObservedState &observed)
{
    return std::ranges::any_of(observed.uplinks, [&](const Uplink &uplink) {
        return std::ranges::any_of(
            uplink.addresses, [&](const InterfaceAddress &own) { return own.network().contains(address); });
    });
}

/// Names of home's domain beyond the devices' own, wanted of home's servers.
const LinkDns *splitDomain(const std::vector<LinkDns> &wanted)
{
    const auto found
        = std::ranges::find_if(wanted, [](const LinkDns &each) { return !each.routingDomains.contains(u"."_s); });
    return found == wanted.end() ? nullptr : &*found;
}

/// What only systemd-resolved could do.
std::vector<Conflict> beyondThisSystem(const std::vector<LinkDns> &wanted, const ObservedState &observed)
{
    std::vector<Conflict> conflicts;
    if (observed.dnsWay == DnsWay::Resolved || observed.dnsWay == DnsWay::None)
        return conflicts;
    const LinkDns *everything = ownerOfEverything(wanted);
    if (everything && needsTls(*everything))
        conflicts.push_back({kWho,
            u"Names were to be asked of %1, and here only systemd-resolved could do that; none are looked up while "
            u"Exit "
            "is on."_s.arg(names(*everything)),
            u"Install systemd-resolved, or set policy.exitDns to provider or to addresses without TLS."_s});
    if (const LinkDns *split = splitDomain(wanted))
        conflicts.push_back({kWho,
            u"Only the devices' own names are known of %1: without systemd-resolved no other server is asked for one "
            "domain alone."_s.arg(split->routingDomains.value(0)),
            u"Install systemd-resolved, if other names of that domain are needed."_s});
    return conflicts;
}

bool isHomeMissing(const Configuration &configuration, const Intent &intent, const LinkDns &everything)
{
    const auto choice = ExitDns::parse(configuration.policy.exitDns);
    return intent.exit && choice && choice->from == ExitDns::From::Home && everything.link == QLatin1String(kExitLink);
}

/// Servers that the guard takes for the network's. The exit's own are reached through it, whatever is here.
std::vector<DnsServer> serversHere(
    const LinkDns &everything, const std::vector<IpAddress> &ofTheExit, const ObservedState &observed)
{
    std::vector<DnsServer> here;
    std::ranges::copy_if(everything.servers, std::back_inserter(here), [&](const DnsServer &server) {
        return everything.link == QLatin1String(kExitLink) && isHere(server.address, observed)
            && std::ranges::find(ofTheExit, server.address) == ofTheExit.end();
    });
    return here;
}

} // namespace

QString dnsSentence(const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    if (!intent.exit)
        return {};
    const auto choice = ExitDns::parse(configuration.policy.exitDns);
    if (choice && choice->from == ExitDns::From::Network)
        return u" Names are asked of this network's resolver, as wanted."_s;
    const std::vector<LinkDns> wanted = desiredDns(configuration, intent);
    const LinkDns *everything = ownerOfEverything(wanted);
    if (!everything)
        return u" Names: the exit has no resolver of its own, and this network's is blocked; set policy.exitDns."_s;
    const LinkDns *inForce = ownerOfEverything(observed.dns);
    const std::vector<LinkDns> carried = carriedDns(wanted, observed.dnsWay);
    const LinkDns *expected = ownerOfEverything(carried);
    if (inForce && expected && *inForce == *expected)
        return u" Names are asked of %1."_s.arg(names(*inForce));
    return u" Names cannot be looked up: the system's resolver is not set to %1, and this network's is blocked."_s.arg(
        names(*everything));
}

std::vector<Conflict> dnsConflicts(
    const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    const std::vector<LinkDns> wanted = desiredDns(configuration, intent);
    std::vector<Conflict> conflicts = beyondThisSystem(wanted, observed);
    if (const LinkDns *everything = ownerOfEverything(wanted)) {
        if (isHomeMissing(configuration, intent, *everything))
            conflicts.push_back({kWho,
                u"Names were to be asked at home, but Home is off; they are asked of %1."_s.arg(names(*everything)),
                u"Switch Home on."_s});
        for (const DnsServer &server : serversHere(*everything, resolversOfExit(configuration, intent), observed))
            conflicts.push_back({kWho,
                u"%1 is in this network, whose resolvers are not asked while Exit is on."_s.arg(
                    server.address.toString()),
                u"Choose a server that the exit can reach, or set policy.exitDns to network."_s});
    }
    for (const QString &rival : observed.dnsRivals)
        conflicts.push_back({rival, u"The servers of this link are asked for every name as well."_s,
            u"Switch off what makes it the resolver for everything, while Exit is on."_s});
    return conflicts;
}

Conflict dnsRefused(const Error &error)
{
    return {kWho, error.detail, u"While Exit is on, names are not looked up until this is mended."_s};
}

} // namespace sallyport
