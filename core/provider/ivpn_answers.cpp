// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/ivpn_answers.h"

#include "core/provider/relay_reader.h"
#include "core/wire/json.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestAccount = 32;
constexpr quint64 kLatestTime = 253402300799; ///< the end of the year 9999

/// An address inside the tunnel, which the provider writes with or without the length of its network.
std::optional<IpAddress> innerAddress(const MapReader &reader, const char *key)
{
    if (reader.text(key).isEmpty())
        return std::nullopt;
    return reader.parsedText<InterfaceAddress>(key, &InterfaceAddress::parse).address;
}

Relay hostOf(const MapReader &gateway, const MapReader &reader)
{
    Relay relay;
    relay.hostname = hostnameFrom(reader, "hostname");
    relay.countryCode = gateway.requiredText("country_code").toLower();
    relay.country = gateway.requiredText("country");
    relay.city = gateway.requiredText("city");
    relay.operatorName = reader.text("isp");
    relay.address = addressFrom(reader, "host", Family::IPv4);
    relay.publicKey = reader.parsedText<PublicKey>("public_key", &PublicKey::parse);
    relay.multihopPort = static_cast<quint16>(reader.integer("multihop_port", 0, 65535, 0));
    relay.resolver = innerAddress(reader, "local_ip");
    if (const auto six = reader.map("ipv6"))
        relay.address6 = optionalAddress6(MapReader(*six, reader.at("ipv6"), reader.findings()), "host");
    return relay;
}

/// `{type, port}` or `{type, range: {min, max}}`.
void addPort(RelayList &list, const MapReader &reader)
{
    if (reader.text("type").compare(u"UDP"_s, Qt::CaseInsensitive) != 0)
        return;
    if (const auto range = reader.map("range")) {
        const MapReader limits(*range, reader.at("range"), reader.findings());
        const auto first = static_cast<quint16>(limits.integer("min", 1, 65535, 0));
        const auto last = static_cast<quint16>(limits.integer("max", first, 65535, first));
        if (first > 0)
            list.ports.push_back({first, last});
    }
    if (const auto port = static_cast<quint16>(reader.integer("port", 0, 65535, 0)); port > 0)
        list.ports.push_back({port, port});
}

void readServerConfig(RelayList &list, const MapReader &root)
{
    const auto config = root.map("config");
    if (!config)
        return;
    const MapReader reader(*config, root.at("config"), root.findings());
    if (const auto ports = reader.map("ports"))
        MapReader(*ports, reader.at("ports"), root.findings()).maps("wireguard", 1000, [&](const MapReader &port) {
            addPort(list, port);
        });
    const auto antitracker = reader.map("antitracker");
    if (!antitracker)
        return;
    const MapReader levels(*antitracker, reader.at("antitracker"), root.findings());
    if (const auto level = levels.map("default"))
        list.blockingResolver = innerAddress(MapReader(*level, levels.at("default"), root.findings()), "ip");
    if (const auto level = levels.map("hardcore"))
        list.hardcoreResolver = innerAddress(MapReader(*level, levels.at("hardcore"), root.findings()), "ip");
}

/// `10.2.3.4` means that address alone.
std::vector<InterfaceAddress> addressesFrom(const MapReader &reader)
{
    return {reader.parsedText<InterfaceAddress>("ip_address", &InterfaceAddress::parse)};
}

void readService(Session &session, const MapReader &root)
{
    const auto service = root.map("service_status");
    if (!service)
        return;
    const MapReader reader(*service, root.at("service_status"), root.findings());
    const quint64 until = reader.integer("active_until", 0, kLatestTime, 0);
    if (until > 0)
        session.accountExpires = QDateTime::fromSecsSinceEpoch(static_cast<qint64>(until), Qt::UTC);
    if (!reader.boolean("is_active", true) && !session.accountExpires.isValid())
        session.accountExpires = QDateTime::fromSecsSinceEpoch(0, Qt::UTC);
}

} // namespace

Result<HiddenText> parseIvpnAccount(QStringView text)
{
    const QByteArray account = text.trimmed().left(kLongestAccount + 1).toLatin1();
    const bool isPlain = std::ranges::all_of(account,
        [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; });
    const bool isKnown = account.startsWith("i-") || account.startsWith("ivpn");
    if (!isPlain || !isKnown || account.size() < 8 || account.size() > kLongestAccount)
        return Error{Errc::InvalidArgument, u"An account looks like i-XXXX-XXXX-XXXX."_s, {}};
    return HiddenText(account);
}

Result<RelayList> readIvpnServers(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    const MapReader root(*map, {}, findings);
    RelayList list;
    root.maps("wireguard", kMaximumRelays, [&](const MapReader &gateway) {
        gateway.maps("hosts", kMaximumRelays, [&](const MapReader &host) {
            if (static_cast<qsizetype>(list.relays.size()) >= kMaximumRelays)
                findings.refuse(Errc::LimitExceeded, gateway.at("hosts"), u"The list has too many servers."_s);
            else
                list.relays.push_back(hostOf(gateway, host));
        });
    });
    readServerConfig(list, root);
    if (!findings.refusal)
        checkRelays(list, findings);
    if (findings.refusal)
        return *findings.refusal;
    return list;
}

Result<Session> readIvpnSession(QByteArrayView text, const PublicKey &key)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    const MapReader root(*map, {}, findings);
    Session session;
    session.token = HiddenText(root.requiredText("token").toUtf8());
    readService(session, root);
    const auto wireguard = root.map("wireguard");
    if (!wireguard)
        root.refuse("wireguard", u"is missing."_s);
    ProviderDevice device;
    device.name = root.text("device_name");
    device.publicKey = key;
    if (wireguard)
        device.addresses = addressesFrom(MapReader(*wireguard, u"wireguard"_s, findings));
    session.device = device;
    if (findings.refusal)
        return *findings.refusal;
    return session;
}

Result<std::vector<InterfaceAddress>> readIvpnAddresses(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    std::vector<InterfaceAddress> addresses = addressesFrom(MapReader(*map, {}, findings));
    if (findings.refusal)
        return *findings.refusal;
    return addresses;
}

bool isIvpnGood(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return false;
    Findings findings;
    return MapReader(*map, {}, findings).integer("status", 0, 999'999, 200) == 200 && !findings.refusal;
}

} // namespace sallyport
