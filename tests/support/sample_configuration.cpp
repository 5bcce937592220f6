// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/sample_configuration.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sallyport::sample {

using namespace Qt::StringLiterals;

namespace {

InterfaceAddress own(const char *text)
{
    return *InterfaceAddress::parse(QString::fromLatin1(text));
}

Candidate at(const char *endpoint, EndpointScope scope = EndpointScope::Any)
{
    return {*HostEndpoint::parse(QString::fromLatin1(endpoint)), scope, {}};
}

Device device(const char *name, const char *address4, const char *address6, std::vector<Candidate> endpoints)
{
    Device value;
    value.name = QLatin1String(name);
    value.addresses = {*Prefix::parse(QString::fromLatin1(address4)), *Prefix::parse(QString::fromLatin1(address6))};
    value.publicKey = key(value.name);
    value.endpoints = std::move(endpoints);
    return value;
}

Exit provider(const char *name, const char *server, std::vector<InterfaceAddress> addresses)
{
    ProviderExit way;
    way.provider = u"mullvad"_s;
    way.addresses = std::move(addresses);
    way.peer.publicKey = key(QLatin1String(name));
    way.peer.endpoint = *HostEndpoint::parse(QString::fromLatin1(server));
    way.dns = {*IpAddress::parse(u"10.64.0.1")};
    return {QLatin1String(name), way};
}

} // namespace

PublicKey key(const QString &word)
{
    PublicKey key;
    const QByteArray hash = QCryptographicHash::hash(word.toUtf8(), QCryptographicHash::Sha256);
    std::copy_n(hash.begin(), key.bytes.size(), key.bytes.begin());
    return key;
}

Configuration configuration()
{
    Home home;
    home.name = u"wgnet"_s;
    home.device = u"laptop"_s;
    home.addresses = {own("10.42.1.2/16"), own("fd42::2/64")};
    home.listenPort = 53333;
    home.domain = u"wgnet"_s;
    home.devices = {
        device(
            "desktop", "10.42.1.1", "fd42::1", {at("10.41.1.1:53333", EndpointScope::Lan), at("123.45.67.89:54444")}),
        device("laptop", "10.42.1.2", "fd42::2", {at("10.41.1.2:53333", EndpointScope::Lan)}),
        device("vps", "10.42.1.3", "fd42::3", {at("98.76.65.43:53333")}),
        device("nas", "10.42.1.4", "fd42::4", {at("10.41.1.4:53333", EndpointScope::Lan), at("123.45.67.89:54445")}),
    };
    home.devices[3].aliases = {u"storage"_s};
    home.devices[3].routes = {*Prefix::parse(u"10.41.0.0/16")};
    home.devices[3].hasPresharedKey = true;
    home.devices[2].offersExit = true;
    Configuration value;
    value.home = home;
    value.exits = {
        provider("se", "198.51.100.7:51820", {own("10.64.3.7/32"), own("fc00:bbbb:bbbb:bb01::3:7/128")}),
        provider("v4only", "198.51.100.8:51820", {own("10.65.0.2/32")}),
        {u"vps"_s, DeviceExit{u"vps"_s}},
        {u"nas"_s, DeviceExit{u"nas"_s}},
    };
    return value;
}

KnownSecrets secrets(const Configuration &configuration)
{
    KnownSecrets known;
    for (const QString &name : secretNames(configuration)) {
        KnownSecret secret;
        secret.publicKey = key(name);
        std::copy_n(secret.publicKey.bytes.begin(), secret.digest.bytes.size(), secret.digest.bytes.begin());
        known.emplace(name, secret);
    }
    return known;
}

std::vector<Uplink> homeLan()
{
    return {{u"eth0"_s, 1500, true, {own("10.41.1.2/16"), own("2001:db8:41::2/64"), own("fe80::2/64")}}};
}

std::vector<Uplink> hotel()
{
    return {{u"eth0"_s, 1500, true, {own("192.168.7.20/24"), own("fe80::2/64")}}};
}

} // namespace sallyport::sample
