// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/value_reader.h"

#include "core/meshlink/codec.h"
#include "core/probe/probe_seal.h"

namespace sallyport::meshlink {

using namespace Qt::StringLiterals;

namespace {

Endpoint readEndpoint(ByteReader &reader)
{
    Endpoint endpoint;
    endpoint.address = reader.address("address");
    endpoint.port = reader.number<quint16>("port", 1);
    endpoint.scopeId = reader.number<quint32>("scopeId", 0, kLargestIndex);
    return endpoint;
}

void check(ByteReader &reader, const Endpoint &endpoint, bool isFit)
{
    if (reader.isSound() && !isFit)
        reader.refuse("address", u"%1 is not where a device can be."_s.arg(endpoint.toString()));
}

Prefix readPrefix(ByteReader &reader)
{
    const InterfaceAddress written = readInterfaceAddress(reader);
    const Prefix prefix = written.network();
    if (prefix.address() != written.address)
        reader.refuse("address", u"%1 is not the first address of its network."_s.arg(written.toString()));
    return prefix;
}

std::vector<Prefix> readPrefixes(ByteReader &reader, const char *name)
{
    return reader.list(name, kMostPrefixes, [&] { return readPrefix(reader); });
}

bool isReachable(const HostEndpoint &endpoint)
{
    const auto numeric = endpoint.numeric();
    return !numeric || (!numeric->address.isUnspecified() && !numeric->address.isMulticast());
}

/// The same as in a configuration, and written as its reader writes it.
HostEndpoint readHostEndpoint(ByteReader &reader, const char *name)
{
    const ByteReader::Place place = reader.in(name);
    const auto host = reader.bytes("host", reader.number<quint8>("host", 1));
    HostEndpoint endpoint;
    endpoint.host
        = QString::fromLatin1(reinterpret_cast<const char *>(host.data()), static_cast<qsizetype>(host.size()));
    endpoint.port = reader.number<quint16>("port", 1);
    const auto parsed = HostEndpoint::parse(endpoint.toString());
    if (reader.isSound() && !(parsed && *parsed == endpoint && isReachable(endpoint)))
        reader.refuse("host", u"This is neither a host name nor an address that can be reached."_s);
    return endpoint;
}

ConfiguredPlace readConfiguredPlace(ByteReader &reader)
{
    ConfiguredPlace place;
    place.endpoint = readHostEndpoint(reader, "endpoint");
    place.scope = reader.oneOf("scope", EndpointScope::Public);
    place.resolved = reader.list("resolved", kMostResolved, [&] { return reader.address(""); });
    return place;
}

std::pair<HostEndpoint, Preference> readPreference(ByteReader &reader)
{
    const HostEndpoint endpoint = readHostEndpoint(reader, "endpoint");
    return {endpoint, reader.oneOf("use", Preference::Forbid)};
}

} // namespace

bool isPlace(const Endpoint &endpoint)
{
    const IpAddress &address = endpoint.address;
    const bool mayHaveScope = address.family() == Family::IPv6 && address.isLinkLocal();
    return endpoint.port != 0 && !address.isUnspecified() && !address.isMulticast()
        && (endpoint.scopeId == 0 || (mayHaveScope && endpoint.scopeId <= kLargestIndex));
}

bool isTarget(const Endpoint &endpoint)
{
    static const IpAddress everybody = IpAddress::fromBytes(Family::IPv4, std::array<quint8, 4>{255, 255, 255, 255});
    const IpAddress &address = endpoint.address;
    const bool needsScope = address.family() == Family::IPv6 && address.isLinkLocal();
    return isPlace(endpoint) && !address.isLoopback() && address != everybody && (endpoint.scopeId != 0 || !needsScope);
}

Endpoint readPlace(ByteReader &reader, const char *name)
{
    const ByteReader::Place place = reader.in(name);
    const Endpoint endpoint = readEndpoint(reader);
    check(reader, endpoint, isPlace(endpoint));
    return endpoint;
}

std::optional<Endpoint> readOptionalPlace(ByteReader &reader, const char *name)
{
    return reader.flag(name) ? std::optional(readPlace(reader, name)) : std::nullopt;
}

Endpoint readTarget(ByteReader &reader, const char *name)
{
    const ByteReader::Place place = reader.in(name);
    const Endpoint endpoint = readEndpoint(reader);
    check(reader, endpoint, isTarget(endpoint));
    return endpoint;
}

InterfaceAddress readInterfaceAddress(ByteReader &reader)
{
    InterfaceAddress value;
    value.address = reader.address("address");
    value.length = reader.number<quint8>("length", 0, value.address.bitLength());
    return value;
}

PublicKey readKey(ByteReader &reader, const char *name)
{
    const PublicKey key{reader.array<kKeySize>(name)};
    if (key.isNull())
        reader.refuse(name, u"The key is all zeroes."_s);
    return key;
}

QByteArray readPayload(ByteReader &reader, const char *name)
{
    const auto size = reader.number<quint16>(name, kProbeSize, kLargestProbe);
    const auto payload = reader.bytes(name, size);
    return {reinterpret_cast<const char *>(payload.data()), static_cast<qsizetype>(payload.size())};
}

PathPeer readPeer(ByteReader &reader, const char *name)
{
    const ByteReader::Place place = reader.in(name);
    PathPeer peer;
    peer.publicKey = readKey(reader, "publicKey");
    peer.allowedIps = readPrefixes(reader, "allowedIps");
    peer.routes = readPrefixes(reader, "routes");
    peer.places = reader.list("places", kMostPlaces, [&] { return readConfiguredPlace(reader); });
    peer.preferences = reader.list("preferences", kMostPreferences, [&] { return readPreference(reader); });
    return peer;
}

PeerStats readStats(ByteReader &reader)
{
    PeerStats stats;
    stats.publicKey = readKey(reader, "publicKey");
    stats.endpoint = readOptionalPlace(reader, "endpoint");
    stats.receivedBytes = reader.number<quint64>("receivedBytes");
    stats.sentBytes = reader.number<quint64>("sentBytes");
    if (reader.flag("handshakeAge"))
        stats.handshakeAge = std::chrono::seconds(reader.number<quint32>("handshakeAge"));
    return stats;
}

} // namespace sallyport::meshlink
