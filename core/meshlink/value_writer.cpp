// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/value_writer.h"

#include "core/meshlink/codec.h"

namespace sallyport::meshlink {

namespace {

std::span<const quint8> bytesOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

void writePrefixes(ByteWriter &writer, const std::vector<Prefix> &prefixes)
{
    writeList(writer, prefixes, [&](const Prefix &prefix) {
        writeInterfaceAddress(writer, {prefix.address(), prefix.length()});
    });
}

void writeHostEndpoint(ByteWriter &writer, const HostEndpoint &endpoint)
{
    const QByteArray host = endpoint.host.toLatin1();
    writer.number(static_cast<quint8>(host.size()));
    writer.bytes(bytesOf(host));
    writer.number(endpoint.port);
}

void writePlace(ByteWriter &writer, const ConfiguredPlace &place)
{
    writeHostEndpoint(writer, place.endpoint);
    writeEnum(writer, place.scope);
    writeList(writer, place.resolved, [&](const IpAddress &address) { writer.address(address); });
}

} // namespace

void writeEndpoint(ByteWriter &writer, const Endpoint &endpoint)
{
    writer.address(endpoint.address);
    writer.number(endpoint.port);
    writer.number(endpoint.scopeId);
}

void writeEndpoint(ByteWriter &writer, const std::optional<Endpoint> &endpoint)
{
    const bool isThere = endpoint && isPlace(*endpoint);
    writer.flag(isThere);
    if (isThere)
        writeEndpoint(writer, *endpoint);
}

void writeInterfaceAddress(ByteWriter &writer, const InterfaceAddress &address)
{
    writer.address(address.address);
    writer.number(address.length);
}

void writePayload(ByteWriter &writer, const QByteArray &payload)
{
    writer.number(static_cast<quint16>(payload.size()));
    writer.bytes(bytesOf(payload));
}

void writePeer(ByteWriter &writer, const PathPeer &peer)
{
    writer.bytes(peer.publicKey.bytes);
    writePrefixes(writer, peer.allowedIps);
    writePrefixes(writer, peer.routes);
    writeList(writer, peer.places, [&](const ConfiguredPlace &place) { writePlace(writer, place); });
    writeList(writer, peer.preferences, [&](const auto &preference) {
        writeHostEndpoint(writer, preference.first);
        writeEnum(writer, preference.second);
    });
}

void writeStats(ByteWriter &writer, const PeerStats &stats)
{
    writer.bytes(stats.publicKey.bytes);
    writeEndpoint(writer, stats.endpoint);
    writer.number(stats.receivedBytes);
    writer.number(stats.sentBytes);
    writer.flag(stats.handshakeAge.has_value());
    if (stats.handshakeAge)
        writeDuration(writer, *stats.handshakeAge);
}

} // namespace sallyport::meshlink
