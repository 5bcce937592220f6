// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/routing.h"

#include <algorithm>

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 kLocalTable = 255;
constexpr quint32 kMainPreference = 32766;
constexpr quint32 kIpv6Metric = 1024; ///< of a route that names none

Rule lookup(Family family, quint32 preference, quint32 table)
{
    return {family, preference, 0, {}, Rule::Action::Lookup, table};
}

IpAddress lastOf(const Prefix &network)
{
    std::array<quint8, 16> bytes{};
    const auto own = network.address().bytes();
    for (std::size_t i = 0; i < own.size(); ++i) {
        const int fixed = std::clamp(network.length() - static_cast<int>(8 * i), 0, 8);
        bytes[i] = static_cast<quint8>(own[i] | (0xff >> fixed));
    }
    return IpAddress::fromBytes(network.family(), {bytes.data(), own.size()});
}

} // namespace

Routing::Routing(const Machine &machine)
{
    const ObservedState &state = machine.observe();
    addLink(u"lo"_s, {*InterfaceAddress::parse(u"127.0.0.1/8"), *InterfaceAddress::parse(u"::1/128")});
    add(kLocalTable, *Prefix::parse(u"127.0.0.0/8"), 0, Kind::Local, Name::of(u"lo"_s));
    for (const GroundLink &link : machine.ground().links)
        addLink(link.name, link.addresses);
    for (const ObservedLink &link : state.links) {
        if (link.up)
            addLink(link.name, link.addresses, false); // IFA_F_NOPREFIXROUTE
        else
            addDown(link);
    }
    for (const Route &route : machine.ground().routes)
        add(route);
    for (const Route &route : state.routes)
        add(route);
    m_rules = state.rules;
    for (const Family family : kFamilies) {
        m_rules.push_back(lookup(family, 0, kLocalTable));
        m_rules.push_back(lookup(family, kMainPreference, kMainTable));
    }
    std::ranges::stable_sort(m_rules, {}, &Rule::preference);
}

void Routing::addLink(const QString &name, const std::vector<InterfaceAddress> &addresses, bool routes)
{
    const Name link = Name::of(name);
    m_links.push_back(link);
    for (const InterfaceAddress &own : addresses) {
        m_addresses.push_back({link, own});
        add(kLocalTable, Prefix::host(own.address), 0, Kind::Local, link);
        const bool isIPv4 = own.address.family() == Family::IPv4;
        // IPv4 has no route for a network of one address; IPv6 has.
        if (routes && (!isIPv4 || own.length < 32))
            add(kMainTable, own.network(), isIPv4 ? 0 : 256U, Kind::Unicast, link);
        if (isIPv4 && own.length < 31)
            add(kLocalTable, Prefix::host(lastOf(own.network())), 0, Kind::Broadcast, link);
    }
}

/// The kernel takes packets for an address of IPv4 also while its link is down (fib_add_ifaddr).
void Routing::addDown(const ObservedLink &link)
{
    for (const InterfaceAddress &own : link.addresses) {
        if (own.address.family() == Family::IPv4)
            add(kLocalTable, Prefix::host(own.address), 0, Kind::Local, Name::of(link.name));
    }
}

void Routing::add(const Route &route)
{
    const quint32 metric = route.metric == 0 && route.family == Family::IPv6 ? kIpv6Metric : route.metric;
    const Kind kind = route.kind == Route::Kind::Unicast ? Kind::Unicast
        : route.kind == Route::Kind::Throw               ? Kind::Throw
                                                         : Kind::Unreachable;
    add(route.table, route.destination, metric, kind, Name::of(route.device));
}

void Routing::add(quint32 table, const Prefix &destination, quint32 metric, Kind kind, const Name &link)
{
    auto found = std::ranges::find_if(
        m_tables, [&](const Table &each) { return each.number == table && each.family == destination.family(); });
    if (found == m_tables.end())
        found = m_tables.insert(m_tables.end(), {table, destination.family(), {}});
    found->entries.push_back(
        {Value::of(destination.address()), Value::of(lastOf(destination)), destination.length(), metric, kind, link});
}

const Routing::Entry *Routing::find(quint32 table, const IpAddress &destination) const
{
    const auto found = std::ranges::find_if(
        m_tables, [&](const Table &each) { return each.number == table && each.family == destination.family(); });
    if (found == m_tables.end())
        return nullptr;
    const Value wanted = Value::of(destination);
    const Entry *best = nullptr;
    for (const Entry &entry : found->entries) {
        if (wanted < entry.first || entry.last < wanted)
            continue;
        const bool isBetter
            = !best || entry.length > best->length || (entry.length == best->length && entry.metric < best->metric);
        best = isBetter ? &entry : best;
    }
    return best;
}

Way Routing::wayOf(const Packet &packet) const
{
    // A socket that is bound to a link is believed (ip_route_output_key_hash_rcu: "assume that the destination is on link").
    if (packet.input.isEmpty() && !packet.output.isEmpty())
        return isUp(packet.output) ? Way{Way::Kind::Out, packet.output} : Way{};
    if (!packet.input.isEmpty() && packet.destination.isMulticast())
        return {Way::Kind::Here, {}};
    for (const Rule &rule : m_rules) {
        const bool applies = rule.family == packet.family()
            && (rule.mark == 0 || rule.mark == (packet.mark & kMarkMask))
            && (rule.inputDevice.isEmpty() || Name::of(rule.inputDevice) == packet.input);
        if (!applies)
            continue;
        if (rule.action == Rule::Action::Unreachable)
            return {};
        const Entry *entry = find(rule.table, packet.destination);
        if (!entry || entry->kind == Kind::Throw)
            continue;
        switch (entry->kind) {
        case Kind::Unreachable:
            return {};
        case Kind::Local:
            return {Way::Kind::Here, {}};
        case Kind::Broadcast:
            if (!packet.input.isEmpty())
                return {Way::Kind::Here, {}};
            return {Way::Kind::Out, entry->link};
        case Kind::Unicast:
        case Kind::Throw:
            return {Way::Kind::Out, entry->link};
        }
    }
    return {};
}

quint8 Routing::kindOf(const IpAddress &address) const
{
    const Entry *entry = find(kLocalTable, address);
    if (entry && entry->kind == Kind::Local)
        return 2;
    if (entry && entry->kind == Kind::Broadcast)
        return 3;
    return address.isMulticast() ? 5 : 1;
}

bool Routing::isUp(const Name &link) const
{
    return std::ranges::count(m_links, link) > 0;
}

IpAddress Routing::sourceFor(const Name &link, const IpAddress &destination) const
{
    const IpAddress *best = nullptr;
    for (const Address &each : m_addresses) {
        const bool usable = each.own.address.family() == destination.family() && !each.own.address.isLoopback();
        if (!usable || (each.link != link && best))
            continue;
        const bool fits = each.link == link && each.own.address.isLinkLocal() == destination.isLinkLocal();
        if (!best || fits)
            best = &each.own.address;
    }
    return best ? *best : IpAddress::any(destination.family());
}

} // namespace sallyport::model
