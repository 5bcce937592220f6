// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"
#include "core/wire/configuration_rules.h"
#include "core/wire/map_reader.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr quint64 kMaximumMtuAccepted = 65535;
constexpr quint64 kSmallestMtuAccepted = 576; ///< RFC 791: what every IPv4 host takes

// What a `requires` list may name in this version.
const QStringList &knownRequirements()
{
    static const QStringList words = {u"home"_s, u"exits"_s, u"deviceExit"_s, u"presharedKey"_s, u"exitDns"_s};
    return words;
}

quint16 port(const MapReader &reader, const char *key)
{
    return static_cast<quint16>(reader.integer(key, 1, 65535, 0));
}

quint16 mtu(const MapReader &reader)
{
    return static_cast<quint16>(reader.integer("mtu", kSmallestMtuAccepted, kMaximumMtuAccepted, 0));
}

quint16 keepalive(const MapReader &reader, quint16 fallback)
{
    return static_cast<quint16>(reader.integer("persistentKeepalive", 0, 65535, fallback));
}

QString entry(const MapReader &reader, const char *key, std::size_t index)
{
    return reader.at(key) + u'[' + QString::number(index) + u']';
}

/// `10.42.1.4/16` for a device means the device, not the network it is in.
std::vector<Prefix> deviceAddresses(const MapReader &reader)
{
    std::vector<Prefix> prefixes;
    const auto addresses = reader.parsedList("addresses", 64, InterfaceAddress::parse);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const InterfaceAddress &address = addresses[i];
        const bool isNetwork = address.network().address() == address.address;
        prefixes.push_back(isNetwork ? address.network() : Prefix::host(address.address));
        if (!isNetwork && address.length != address.address.bitLength())
            reader.findings().notes.push_back({entry(reader, "addresses", i),
                u"%1 was read as the one address %2."_s.arg(address.toString(), address.address.toString())});
    }
    return prefixes;
}

std::vector<Prefix> networks(const MapReader &reader, const char *key)
{
    std::vector<Prefix> prefixes;
    const auto written = reader.parsedList(key, 1000, InterfaceAddress::parse);
    for (std::size_t i = 0; i < written.size(); ++i) {
        prefixes.push_back(written[i].network());
        if (written[i].network().address() != written[i].address)
            reader.findings().notes.push_back({entry(reader, key, i),
                u"%1 was read as the network %2."_s.arg(written[i].toString(), written[i].network().toCidr())});
    }
    return prefixes;
}

EndpointScope scope(const MapReader &reader)
{
    const QString word = reader.text("scope");
    if (word == u"lan")
        return EndpointScope::Lan;
    if (word == u"public")
        return EndpointScope::Public;
    if (!word.isEmpty() && word != u"any")
        reader.refuse("scope", u"must be lan, public or any."_s);
    return EndpointScope::Any;
}

Candidate candidate(const MapReader &reader)
{
    Candidate value;
    value.endpoint = reader.parsedText("address", HostEndpoint::parse);
    value.scope = scope(reader);
    value.resolved = reader.parsedList("resolved", 64, IpAddress::parse);
    return value;
}

Device device(const MapReader &reader)
{
    Device value;
    value.name = reader.parsedText("name", parseDeviceName);
    for (const QString &alias : reader.parsedList("aliases", 64, parseDeviceName))
        value.aliases += alias;
    value.addresses = deviceAddresses(reader);
    value.publicKey = reader.parsedText("publicKey", PublicKey::parse);
    reader.maps("endpoints", 64, [&](const MapReader &each) { value.endpoints.push_back(candidate(each)); });
    value.routes = networks(reader, "routes");
    value.offersExit = reader.boolean("offersExit", false);
    value.persistentKeepalive = keepalive(reader, 0);
    value.presharedKeyFile = reader.text("presharedKeyFile");
    value.hasPresharedKey = reader.boolean("hasPresharedKey", false) || !value.presharedKeyFile.isEmpty();
    return value;
}

Home home(const MapReader &reader)
{
    Home value;
    value.name = reader.text("name");
    value.device = reader.parsedText("device", parseDeviceName);
    value.addresses = reader.parsedList("addresses", 64, InterfaceAddress::parse);
    value.listenPort = port(reader, "listenPort");
    value.domain = reader.has("domain") ? reader.parsedText("domain", parseDomain) : QString();
    value.privateKeyFile = reader.text("privateKeyFile");
    value.dns = reader.parsedList("dns", 16, IpAddress::parse);
    value.mtu = mtu(reader);
    reader.maps("devices", 10000, [&](const MapReader &each) { value.devices.push_back(device(each)); });
    return value;
}

ExitPeer exitPeer(const MapReader &reader)
{
    ExitPeer value;
    value.publicKey = reader.parsedText("publicKey", PublicKey::parse);
    value.endpoint = reader.parsedText("endpoint", HostEndpoint::parse);
    value.resolved = reader.parsedList("resolved", 64, IpAddress::parse);
    value.allowedIps = networks(reader, "allowedIPs");
    value.persistentKeepalive = keepalive(reader, 25);
    value.presharedKeyFile = reader.text("presharedKeyFile");
    value.hasPresharedKey = reader.boolean("hasPresharedKey", false) || !value.presharedKeyFile.isEmpty();
    return value;
}

ProviderExit providerExit(const MapReader &reader)
{
    ProviderExit value;
    value.provider = reader.text("provider");
    value.addresses = reader.parsedList("addresses", 64, InterfaceAddress::parse);
    value.privateKeyFile = reader.text("privateKeyFile");
    if (const auto peer = reader.map("peer"))
        value.peer = exitPeer(MapReader(*peer, reader.at("peer"), reader.findings()));
    else
        reader.refuse("peer", u"is missing: an exit needs a peer, or the name of a device."_s);
    value.dns = reader.parsedList("dns", 16, IpAddress::parse);
    for (const QString &domain : reader.parsedList("searchDomains", 16, parseDomain))
        value.searchDomains += domain;
    value.listenPort = port(reader, "listenPort");
    value.mtu = mtu(reader);
    return value;
}

Exit exit(const MapReader &reader)
{
    Exit value;
    value.name = reader.parsedText("name", parseExitName);
    if (reader.has("device") && reader.has("peer"))
        reader.refuse("device", u"and 'peer' exclude each other: an exit is a provider or a device."_s);
    if (reader.has("device"))
        value.way = DeviceExit{reader.parsedText("device", parseDeviceName)};
    else
        value.way = providerExit(reader);
    return value;
}

Policy policy(const MapReader &reader)
{
    Policy value;
    value.allowLan = reader.boolean("allowLan", value.allowLan);
    if (reader.has("exitDns"))
        value.exitDns = reader.parsedText("exitDns", parseExitDns);
    return value;
}

} // namespace

Result<DecodedConfiguration> decodeConfiguration(const QVariantMap &map)
{
    Findings findings;
    const MapReader reader(map, {}, findings);
    reader.checkRequires(knownRequirements());
    DecodedConfiguration decoded;
    Configuration &value = decoded.configuration;
    if (const auto part = reader.map("home"))
        value.home = home(MapReader(*part, u"home"_s, findings));
    reader.maps("exits", 1000, [&](const MapReader &each) { value.exits.push_back(exit(each)); });
    if (const auto part = reader.map("policy"))
        value.policy = policy(MapReader(*part, u"policy"_s, findings));
    if (const auto part = reader.map("gateway"))
        value.gateway.serve = MapReader(*part, u"gateway"_s, findings).boolean("serve", false);
    if (value.gateway.serve)
        findings.refuse(Errc::UnsupportedRequirement, u"gateway.serve"_s,
            u"This version does not forward for other devices yet; leave it out."_s);
    if (!findings.refusal)
        checkConfiguration(value, findings);
    if (findings.refusal)
        return *findings.refusal;
    decoded.notes = std::move(findings.notes);
    return decoded;
}

} // namespace sallyport
