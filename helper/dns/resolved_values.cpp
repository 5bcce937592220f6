// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolved_values.h"

#include <QDBusMetaType>

#include <algorithm>
#include <sys/socket.h>

namespace sallyport::dns {

using namespace Qt::StringLiterals;

namespace {

const QString kEverything = u"."_s;

QByteArray bytesOf(const IpAddress &address)
{
    const auto bytes = address.bytes();
    return {reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())};
}

int familyOf(const IpAddress &address)
{
    return address.family() == Family::IPv4 ? AF_INET : AF_INET6;
}

std::optional<IpAddress> addressIn(int family, const QByteArray &bytes)
{
    const bool isIPv4 = family == AF_INET && bytes.size() == 4;
    if (!isIPv4 && !(family == AF_INET6 && bytes.size() == 16))
        return std::nullopt;
    const auto *data = reinterpret_cast<const quint8 *>(bytes.constData());
    return IpAddress::fromBytes(isIPv4 ? Family::IPv4 : Family::IPv6, {data, std::size_t(bytes.size())});
}

/// systemd-resolved before 246 has only the property without names.
QList<ResolvedServer> serversIn(const QVariantMap &properties)
{
    if (properties.contains(u"DNSEx"_s))
        return qdbus_cast<QList<ResolvedServer>>(properties.value(u"DNSEx"_s));
    QList<ResolvedServer> servers;
    for (const auto &each : qdbus_cast<QList<ResolvedPlainServer>>(properties.value(u"DNS"_s)))
        servers.append({each.family, each.address, 0, {}});
    return servers;
}

bool usesTls(const LinkDns &dns)
{
    return std::ranges::any_of(dns.servers, [](const DnsServer &server) { return !server.tlsName.isEmpty(); });
}

bool isSetAsOurs(const LinkDns &dns, const QVariantMap &properties)
{
    // Absent: this systemd-resolved does not know the setting, or was built without it.
    const auto is = [&](const QString &property, const QString &value) {
        return properties.value(property, value).toString() == value;
    };
    const bool everything = dns.routingDomains.contains(kEverything);
    return properties.value(u"DefaultRoute"_s, everything).toBool() == everything && is(u"LLMNR"_s, u"no"_s)
        && is(u"MulticastDNS"_s, u"no"_s) && is(u"DNSSEC"_s, u"no"_s)
        && is(u"DNSOverTLS"_s, usesTls(dns) ? u"yes"_s : u"no"_s);
}

} // namespace

void registerResolvedTypes()
{
    qDBusRegisterMetaType<ResolvedServer>();
    qDBusRegisterMetaType<QList<ResolvedServer>>();
    qDBusRegisterMetaType<ResolvedPlainServer>();
    qDBusRegisterMetaType<QList<ResolvedPlainServer>>();
    qDBusRegisterMetaType<ResolvedDomain>();
    qDBusRegisterMetaType<QList<ResolvedDomain>>();
    qDBusRegisterMetaType<ResolvedLinkDomain>();
    qDBusRegisterMetaType<QList<ResolvedLinkDomain>>();
}

QList<ResolvedServer> serversFor(const LinkDns &dns)
{
    QList<ResolvedServer> servers;
    for (const DnsServer &each : dns.servers)
        servers.append({familyOf(each.address), bytesOf(each.address), 0, each.tlsName});
    return servers;
}

QList<ResolvedPlainServer> plainServersFor(const LinkDns &dns)
{
    QList<ResolvedPlainServer> servers;
    for (const DnsServer &each : dns.servers)
        servers.append({familyOf(each.address), bytesOf(each.address)});
    return servers;
}

QList<ResolvedDomain> domainsFor(const LinkDns &dns)
{
    QList<ResolvedDomain> domains;
    for (const QString &each : dns.searchDomains)
        domains.append({each, false});
    for (const QString &each : dns.routingDomains)
        domains.append({each, true});
    return domains;
}

std::optional<LinkDns> linkDnsIn(const QString &link, const QVariantMap &properties)
{
    LinkDns dns;
    dns.link = link;
    for (const ResolvedServer &each : serversIn(properties)) {
        if (const auto address = addressIn(each.family, each.address))
            dns.servers.push_back({*address, each.name});
    }
    for (const auto &each : qdbus_cast<QList<ResolvedDomain>>(properties.value(u"Domains"_s)))
        (each.routingOnly ? dns.routingDomains : dns.searchDomains) += each.domain;
    if (dns.servers.empty() && dns.searchDomains.isEmpty() && dns.routingDomains.isEmpty())
        return std::nullopt;
    if (!isSetAsOurs(dns, properties))
        dns.routingDomains.clear();
    return dns;
}

QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedServer &value)
{
    argument.beginStructure();
    argument << value.family << value.address << value.port << value.name;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedServer &value)
{
    argument.beginStructure();
    argument >> value.family >> value.address >> value.port >> value.name;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedPlainServer &value)
{
    argument.beginStructure();
    argument << value.family << value.address;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedPlainServer &value)
{
    argument.beginStructure();
    argument >> value.family >> value.address;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedDomain &value)
{
    argument.beginStructure();
    argument << value.domain << value.routingOnly;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedDomain &value)
{
    argument.beginStructure();
    argument >> value.domain >> value.routingOnly;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedLinkDomain &value)
{
    argument.beginStructure();
    argument << value.link << value.domain << value.routingOnly;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedLinkDomain &value)
{
    argument.beginStructure();
    argument >> value.link >> value.domain >> value.routingOnly;
    argument.endStructure();
    return argument;
}

} // namespace sallyport::dns
