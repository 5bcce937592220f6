// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/mullvad_relays.h"

#include "core/provider/relay_reader.h"
#include "core/wire/json.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaximumTimestamp = 64LL * 1024;
constexpr qsizetype kMaximumLocations = 10'000;

/// `se-sto` is a place of the group `locations`.
void placeRelay(Relay &relay, const MapReader &reader, const QVariantMap &locations)
{
    const QString code = reader.requiredText("location");
    const QVariant location = locations.value(code);
    if (location.typeId() != QMetaType::QVariantMap) {
        reader.refuse("location", u"is a place that is not in 'locations'."_s);
        return;
    }
    const QVariantMap map = location.toMap();
    const MapReader place(map, u"locations."_s + code, reader.findings());
    relay.countryCode = code.section(u'-', 0, 0);
    relay.country = place.requiredText("country");
    relay.city = place.requiredText("city");
}

Relay commonRelay(const MapReader &reader, const char *key)
{
    Relay relay;
    relay.hostname = hostnameFrom(reader, "hostname");
    relay.isActive = reader.boolean("active", true);
    relay.isOwned = reader.boolean("owned", false);
    relay.operatorName = reader.text("provider");
    relay.address = addressFrom(reader, "ipv4_addr_in", Family::IPv4);
    relay.address6 = optionalAddress6(reader, "ipv6_addr_in");
    relay.publicKey = reader.parsedText<PublicKey>(key, &PublicKey::parse);
    return relay;
}

std::vector<IpAddress> gateways(const MapReader &wireguard)
{
    std::vector<IpAddress> servers;
    if (wireguard.has("ipv4_gateway"))
        servers.push_back(addressFrom(wireguard, "ipv4_gateway", Family::IPv4));
    if (const auto six = optionalAddress6(wireguard, "ipv6_gateway"))
        servers.push_back(*six);
    return servers;
}

Result<RelayList> checkedList(RelayList list, Findings &findings)
{
    if (!findings.refusal)
        checkRelays(list, findings);
    if (findings.refusal)
        return *findings.refusal;
    return list;
}

Relay flatRelay(const MapReader &reader)
{
    Relay relay = commonRelay(reader, "pubkey");
    relay.countryCode = reader.requiredText("country_code");
    relay.country = reader.requiredText("country_name");
    relay.city = reader.requiredText("city_name");
    relay.multihopPort = static_cast<quint16>(reader.integer("multihop_port", 0, 65535, 0));
    return relay;
}

bool isHexDigest(const QString &text)
{
    const auto isHex = [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); };
    return text.size() == 64 && std::ranges::all_of(text, isHex);
}

} // namespace

Result<RelayList> readMullvadRelays(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    const MapReader root(*map, {}, findings);
    const QVariantMap locations = root.map("locations").value_or(QVariantMap());
    const std::optional<QVariantMap> group = root.map("wireguard");
    if (!group)
        root.refuse("wireguard", u"is missing."_s);
    if (locations.size() > kMaximumLocations)
        root.refuse("locations", u"has too many places."_s);
    if (findings.refusal)
        return *findings.refusal;
    const MapReader wireguard(*group, u"wireguard"_s, findings);
    RelayList list;
    list.ports = portRangesFrom(wireguard, "port_ranges");
    list.resolvers = gateways(wireguard);
    wireguard.maps("relays", kMaximumRelays, [&](const MapReader &reader) {
        Relay relay = commonRelay(reader, "public_key");
        placeRelay(relay, reader, locations);
        list.relays.push_back(std::move(relay));
    });
    return checkedList(std::move(list), findings);
}

Result<RelayList> readMullvadFlatRelays(QByteArrayView text)
{
    const auto entries = readJsonList(text);
    if (!entries)
        return entries.error();
    const QVariantMap map{{u"relays"_s, *entries}};
    Findings findings;
    RelayList list;
    MapReader(map, {}, findings).maps("relays", kMaximumRelays, [&](const MapReader &reader) {
        if (reader.text("type") == u"wireguard")
            list.relays.push_back(flatRelay(reader));
    });
    return checkedList(std::move(list), findings);
}

Result<RelayTimestamp> readRelayTimestamp(QByteArrayView text)
{
    if (text.size() > kMaximumTimestamp)
        return Error{Errc::LimitExceeded, u"The announcement of the list is larger than 64 KiB."_s, {}};
    const qsizetype end = text.indexOf("\n\n");
    if (end < 0)
        return Error{Errc::InvalidArgument, u"The announcement of the list has no signature."_s, {}};
    const auto map = readJson(text.first(end));
    if (!map)
        return map.error();
    Findings findings;
    const MapReader reader(*map, {}, findings);
    const QString digest = reader.requiredText("digest");
    if (!digest.isEmpty() && !isHexDigest(digest))
        reader.refuse("digest", u"must be 64 hexadecimal digits."_s);
    if (findings.refusal)
        return *findings.refusal;
    return RelayTimestamp{digest.toLatin1()};
}

bool hasDigest(QByteArrayView list, const QByteArray &digest)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::fromRawData(list.data(), list.size()));
    return hash.result().toHex() == digest;
}

} // namespace sallyport
