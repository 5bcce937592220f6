// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/profile_documents.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QStringList &awkwardTexts()
{
    static const QStringList texts = {u""_s, u"plain"_s, u"with, comma"_s, u"\"quoted\""_s, u"ends in #"_s,
        u"# begins"_s, u" blanks around "_s, u"back\\slash"_s, u"a = b: c"_s, u"[Peer]"_s, u"häuser ☃ 𝄞"_s,
        u"\u00a0nbsp\u00a0"_s, u"/var/keys/wgnet.priv.key"_s, u"all"_s, u"\\u0041"_s};
    return texts;
}

} // namespace

IpAddress RandomDocuments::address(Family family)
{
    std::array<quint8, 16> bytes{};
    std::ranges::generate(bytes, [&] { return static_cast<quint8>(1 + below(200)); });
    bytes[0] = family == Family::IPv4 ? quint8(11 + below(100)) : quint8(0x20);
    return IpAddress::fromBytes(family, bytes);
}

/// Distinct for distinct indexes, never overlapping the addresses of devices.
Prefix RandomDocuments::network(int index)
{
    const std::array<quint8, 4> v4 = {172, 16, static_cast<quint8>(index / 250), static_cast<quint8>(index % 250)};
    std::array<quint8, 16> v6
        = {0xfd, 0x99, 0, 0, 0, 0, static_cast<quint8>(index / 250), static_cast<quint8>(index % 250)};
    if (chance(60))
        return chance(80) ? Prefix::of(IpAddress::fromBytes(Family::IPv4, v4), 32)
                          : Prefix::of(IpAddress::fromBytes(Family::IPv4, v4), 31);
    return Prefix::of(IpAddress::fromBytes(Family::IPv6, v6), static_cast<quint8>(64 + 64 * below(2)));
}

PublicKey RandomDocuments::key()
{
    PublicKey value;
    std::ranges::generate(value.bytes, [&] { return static_cast<quint8>(m_random.bounded(256)); });
    return value;
}

HostEndpoint RandomDocuments::endpoint()
{
    const QString host = chance(40)
        ? pick({u"nas.example.org"_s, u"a_b.example"_s, u"x-1.example.com."_s, u"localhost"_s})
        : anyAddress().toString();
    return {host, static_cast<quint16>(1 + below(65535))};
}

Candidate RandomDocuments::candidate()
{
    constexpr std::array scopes = {EndpointScope::Any, EndpointScope::Lan, EndpointScope::Public};
    Candidate value;
    value.endpoint = endpoint();
    value.scope = scopes[static_cast<std::size_t>(below(3))];
    if (chance(30))
        value.resolved = some<IpAddress>(3, [&] { return anyAddress(); });
    return value;
}

Device RandomDocuments::device(int index)
{
    Device value;
    value.name = pick({u"nas"_s, u"Desktop"_s, u"büro"_s, u"a.b_c"_s, u"7"_s, u"peer-1"_s}) + QString::number(index);
    for (int i = below(3); i > 0; --i)
        value.aliases += u"alias-%1-%2"_s.arg(index).arg(i);
    value.publicKey = key();
    const std::array<quint8, 4> own = {10, 42, static_cast<quint8>(index / 200), static_cast<quint8>(1 + index % 200)};
    value.addresses = {Prefix::host(IpAddress::fromBytes(Family::IPv4, own))};
    if (chance(30))
        value.addresses.push_back(network(index * 10 + 1));
    for (int i = below(4); i > 0; --i)
        value.routes.push_back(network(index * 10 + 1 + i));
    if (chance(10))
        std::swap(value.addresses, value.routes);
    value.endpoints = some<Candidate>(4, [&] { return candidate(); });
    value.offersExit = chance(20);
    value.persistentKeepalive = chance(50) ? quint16(0) : static_cast<quint16>(below(65536));
    value.presharedKeyFile = chance(20) ? pick(awkwardTexts()) : QString();
    value.hasPresharedKey = chance(20) || !value.presharedKeyFile.isEmpty();
    return value;
}

Home RandomDocuments::home()
{
    Home value;
    value.name = pick(awkwardTexts());
    value.device = u"laptop"_s;
    value.addresses = {InterfaceAddress{IpAddress::fromBytes(Family::IPv4, std::array<quint8, 4>{10, 42, 250, 1}), 16}};
    value.addresses.insert(value.addresses.begin() + below(2), InterfaceAddress{address(Family::IPv6), 64});
    value.listenPort = chance(30) ? quint16(0) : static_cast<quint16>(1 + below(65535));
    value.domain = pick({QString(), u"wgnet"_s, u"home.example.org"_s});
    value.privateKeyFile = pick(awkwardTexts());
    value.dns = some<IpAddress>(3, [&] { return anyAddress(); });
    value.mtu = chance(50) ? quint16(0) : static_cast<quint16>(1280 + below(60000));
    const int count = below(6);
    for (int i = 0; i < count; ++i)
        value.devices.push_back(device(i));
    if (chance(60)) {
        Device own = device(7);
        own.name = value.device;
        value.devices.insert(value.devices.begin() + below(count + 1), own);
    }
    return value;
}

Exit RandomDocuments::providerExit(int index)
{
    ProviderExit way;
    way.provider = pick(awkwardTexts());
    way.addresses = {InterfaceAddress{anyAddress(), 32}};
    if (chance(50))
        way.addresses.push_back(InterfaceAddress{address(Family::IPv6), static_cast<quint8>(below(129))});
    way.privateKeyFile = pick(awkwardTexts());
    way.peer.publicKey = key();
    way.peer.endpoint = endpoint();
    way.peer.resolved = some<IpAddress>(3, [&] { return anyAddress(); });
    const std::vector<Prefix> everything = {Prefix::everything(Family::IPv4), Prefix::everything(Family::IPv6)};
    way.peer.allowedIps = chance(30) ? everything : some<Prefix>(120, [&] { return network(below(500)); });
    way.peer.persistentKeepalive = chance(50) ? quint16(25) : static_cast<quint16>(below(65536));
    way.peer.presharedKeyFile = chance(20) ? pick(awkwardTexts()) : QString();
    way.peer.hasPresharedKey = chance(20) || !way.peer.presharedKeyFile.isEmpty();
    way.dns = some<IpAddress>(3, [&] { return anyAddress(); });
    way.searchDomains = chance(40) ? QStringList{u"corp.example"_s, u"a_b.c"_s} : QStringList();
    way.listenPort = chance(50) ? quint16(0) : static_cast<quint16>(1 + below(65535));
    way.mtu = chance(50) ? quint16(0) : static_cast<quint16>(1280 + below(60000));
    const QString name = pick({u"mullvad-se"_s, u"with, comma"_s, u"Zürich #1"_s, u"\"x\""_s, u"𝄞 exit"_s, u"# y"_s});
    return Exit{name + QString::number(index), std::move(way)};
}

Configuration RandomDocuments::configuration()
{
    Configuration value;
    if (chance(80))
        value.home = home();
    for (int i = below(4); i > 0; --i)
        value.exits.push_back(providerExit(i));
    if (chance(30))
        value.exits.push_back(Exit{u"pi"_s, DeviceExit{u"pi"_s}});
    value.policy.allowLan = chance(50);
    return value;
}

} // namespace sallyport
