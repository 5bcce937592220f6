// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/probe_packet.h"

#include "helper/probe/probe_filter.h"

#include <QtEndian>

#include <array>
#include <cstring>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

namespace sallyport::probe {

namespace {

constexpr quint8 kTimeToLive = 64;

template<class T>
void append(QByteArray &bytes, const T &value)
{
    bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}

void append(QByteArray &bytes, std::span<const quint8> more)
{
    bytes.append(reinterpret_cast<const char *>(more.data()), static_cast<qsizetype>(more.size()));
}

udphdr headerOf(quint16 fromPort, quint16 toPort, std::size_t payload)
{
    udphdr header{};
    header.source = qToBigEndian(fromPort);
    header.dest = qToBigEndian(toPort);
    header.len = qToBigEndian(static_cast<quint16>(kUdpHeader + payload));
    return header;
}

/// RFC 1071.
quint16 checksumOf(const QByteArray &bytes)
{
    quint32 sum = 0;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<quint8>(bytes[i]);
        sum += i % 2 == 0 ? static_cast<quint32>(byte) << 8 : byte;
    }
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<quint16>(~sum);
}

/// RFC 768: over addresses, protocol and length, too. A sum of zero is sent as all ones, for zero means none.
quint16 udpChecksum(const IpAddress &from, const IpAddress &to, const QByteArray &datagram)
{
    QByteArray covered;
    append(covered, from.bytes());
    append(covered, to.bytes());
    append(covered, qToBigEndian(static_cast<quint16>(IPPROTO_UDP)));
    append(covered, qToBigEndian(static_cast<quint16>(datagram.size())));
    const quint16 sum = checksumOf(covered + datagram);
    return qToBigEndian(sum == 0 ? static_cast<quint16>(0xffff) : sum);
}

in_addr nativeAddress(const IpAddress &address)
{
    in_addr native{};
    std::memcpy(&native, address.bytes().data(), sizeof native);
    return native;
}

} // namespace

QByteArray datagramOf(quint16 fromPort, quint16 toPort, std::span<const quint8> payload)
{
    QByteArray datagram;
    append(datagram, headerOf(fromPort, toPort, payload.size()));
    append(datagram, payload);
    return datagram;
}

QByteArray packetOf(const Endpoint &from, const Endpoint &to, std::span<const quint8> payload)
{
    QByteArray datagram = datagramOf(from.port, to.port, payload);
    udphdr udp = headerOf(from.port, to.port, payload.size());
    udp.check = udpChecksum(from.address, to.address, datagram);
    std::memcpy(datagram.data(), &udp, sizeof udp);
    iphdr header{};
    header.version = 4;
    header.ihl = sizeof header / 4;
    header.frag_off = qToBigEndian(static_cast<quint16>(IP_DF));
    header.ttl = kTimeToLive;
    header.protocol = IPPROTO_UDP;
    header.saddr = nativeAddress(from.address).s_addr;
    header.daddr = nativeAddress(to.address).s_addr;
    QByteArray packet;
    append(packet, header);
    return packet + datagram;
}

std::optional<Datagram> datagramIn(Family family, std::span<const quint8> received)
{
    std::size_t start = 0;
    if (family == Family::IPv4) {
        if (received.size() < sizeof(iphdr))
            return std::nullopt;
        start = static_cast<std::size_t>(received[0] & 0x0fU) * 4;
    }
    if (received.size() < start + kUdpHeader)
        return std::nullopt;
    udphdr header{};
    std::memcpy(&header, received.data() + start, sizeof header);
    const std::span<const quint8> payload = received.subspan(start + kUdpHeader);
    if (qFromBigEndian(header.len) != kUdpHeader + payload.size())
        return std::nullopt;
    return Datagram{qFromBigEndian(header.source), payload};
}

} // namespace sallyport::probe
