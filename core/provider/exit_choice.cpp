// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/exit_choice.h"

#include "core/profile/names.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error refused(const QString &place, const QString &detail)
{
    return {Errc::InvalidArgument, detail, place};
}

Result<HostEndpoint> endpointOf(const RelayList &list, const Relay &exit, const ExitChoice &choice)
{
    const Relay *entry = choice.entry.isEmpty() ? &exit : findRelay(list, choice.entry);
    if (!entry)
        return refused(u"entry"_s, u"There is no server of that name."_s);
    quint16 port = choice.port == 0 ? defaultPort(list) : choice.port;
    if (entry != &exit) {
        if (exit.multihopPort == 0)
            return refused(u"exit"_s, u"This server cannot be reached through another one."_s);
        port = exit.multihopPort;
    } else if (!takesPort(list, port)) {
        return refused(u"port"_s, u"The provider does not answer at this port."_s);
    }
    if (choice.useIpv6 && !entry->address6)
        return refused(u"entry"_s, u"This server has no IPv6 address."_s);
    return HostEndpoint{(choice.useIpv6 ? *entry->address6 : entry->address).toString(), port};
}

std::vector<IpAddress> blockingServers(const QString &provider, const RelayList &list, BlockedSet blocked)
{
    if (provider == u"mullvad")
        return {mullvadBlockingServer(blocked)};
    const bool isHardcore = (blocked & static_cast<BlockedSet>(Blocked::Hardcore)) != 0;
    const auto &server = isHardcore ? list.hardcoreResolver : list.blockingResolver;
    return server ? std::vector{*server} : std::vector<IpAddress>();
}

std::vector<IpAddress> serversOf(
    const QString &provider, const RelayList &list, const Relay &exit, const ExitChoice &choice)
{
    if (!choice.dns.empty())
        return choice.dns;
    if (choice.blocked != 0)
        return blockingServers(provider, list, choice.blocked);
    if (exit.resolver)
        return {*exit.resolver};
    if (!list.resolvers.empty() || provider != u"mullvad")
        return list.resolvers;
    return {*IpAddress::parse(u"10.64.0.1")};
}

/// IPv6 inside the tunnel is only asked for where the device has an address of it.
std::vector<IpAddress> usable(std::vector<IpAddress> servers, const ProviderDevice &device)
{
    std::erase_if(servers, [&](const IpAddress &server) {
        return std::ranges::none_of(
            device.addresses, [&](const InterfaceAddress &own) { return own.address.family() == server.family(); });
    });
    return servers;
}

ProviderExit *wayOf(Exit &exit)
{
    return std::get_if<ProviderExit>(&exit.way);
}

} // namespace

Result<Exit> exitOf(
    const QString &provider, const ProviderDevice &device, const RelayList &list, const ExitChoice &choice)
{
    const Relay *relay = findRelay(list, choice.exit);
    if (!relay)
        return refused(u"exit"_s, u"There is no server of that name."_s);
    auto endpoint = endpointOf(list, *relay, choice);
    if (!endpoint)
        return endpoint.error();
    ProviderExit way;
    way.provider = provider;
    way.addresses = device.addresses;
    way.peer.publicKey = relay->publicKey;
    way.peer.endpoint = std::move(*endpoint);
    way.dns = usable(serversOf(provider, list, *relay, choice), device);
    if (choice.blocked != 0 && choice.dns.empty() && way.dns.empty())
        return refused(u"blocked"_s, u"The provider has no server that blocks this."_s);
    return Exit{exitNameOf(choice), std::move(way)};
}

QString exitNameOf(const ExitChoice &choice)
{
    const auto shortName = [](const QString &host) { return host.section(u".wg."_s, 0, 0); };
    const bool isDirect = choice.entry.isEmpty() || choice.entry == choice.exit;
    return isDirect ? shortName(choice.exit)
                    : QString(shortName(choice.exit).left(29) + u" via "_s + shortName(choice.entry).left(29));
}

Exit withFreeName(const Configuration &configuration, Exit exit)
{
    QStringList others;
    for (const Exit &each : configuration.exits) {
        const auto *way = std::get_if<ProviderExit>(&each.way);
        if (!way || way->addresses != std::get<ProviderExit>(exit.way).addresses)
            others += each.name;
    }
    exit.name = NameRegister(others).claim(exit.name, 64);
    return exit;
}

Configuration withExit(Configuration configuration, const Exit &exit)
{
    const auto found = std::ranges::find(configuration.exits, exit.name, &Exit::name);
    if (found == configuration.exits.end())
        configuration.exits.push_back(exit);
    else
        *found = exit;
    return configuration;
}

QStringList exitsOf(const Configuration &configuration, const std::vector<InterfaceAddress> &addresses)
{
    QStringList names;
    for (const Exit &exit : configuration.exits) {
        const auto *way = std::get_if<ProviderExit>(&exit.way);
        if (way && !addresses.empty() && way->addresses == addresses)
            names += exit.name;
    }
    return names;
}

Configuration withRotatedDevice(
    Configuration configuration, const std::vector<InterfaceAddress> &before, const ProviderDevice &now)
{
    const QStringList names = exitsOf(configuration, before);
    for (Exit &exit : configuration.exits) {
        if (names.contains(exit.name))
            wayOf(exit)->addresses = now.addresses;
    }
    return configuration;
}

Configuration withoutExits(Configuration configuration, const QStringList &names)
{
    std::erase_if(configuration.exits, [&](const Exit &exit) { return names.contains(exit.name); });
    return configuration;
}

} // namespace sallyport
