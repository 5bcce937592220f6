// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/kernel/wires.h"

#include <QtEndian>

namespace sallyport::test {

using model::Packet;
using model::Protocol;

namespace {

constexpr char kSignature[] = "sallyport model";
constexpr quint8 kSyn = 2;

template<class T>
void put(QByteArray &bytes, T number)
{
    const T bigEndian = qToBigEndian(number);
    bytes.append(reinterpret_cast<const char *>(&bigEndian), sizeof bigEndian);
}

void put(QByteArray &bytes, const IpAddress &address)
{
    bytes.append(reinterpret_cast<const char *>(address.bytes().data()), static_cast<qsizetype>(address.size()));
}

/// RFC 1071.
quint16 checksum(QByteArray bytes)
{
    if (bytes.size() % 2 != 0)
        bytes.append('\0');
    quint32 sum = 0;
    for (qsizetype i = 0; i < bytes.size(); i += 2)
        sum += qFromBigEndian<quint16>(bytes.constData() + i);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<quint16>(~sum);
}

/// The header with a checksum of zero, and where the checksum belongs.
std::pair<QByteArray, qsizetype> transport(const Packet &packet, qsizetype payload)
{
    QByteArray header;
    switch (packet.protocol) {
    case Protocol::Udp:
        put(header, packet.sourcePort);
        put(header, packet.destinationPort);
        put(header, static_cast<quint16>(8 + payload));
        put<quint16>(header, 0);
        return {header, 6};
    case Protocol::Tcp:
        put(header, packet.sourcePort);
        put(header, packet.destinationPort);
        put<quint64>(header, 0); // sequence and acknowledgement
        put<quint16>(header, 0x5000 | kSyn);
        put<quint16>(header, 1024);
        put<quint32>(header, 0);
        return {header, 16};
    case Protocol::Icmp:
    case Protocol::Icmp6:
        put(header, packet.icmpType);
        put<quint8>(header, 0);
        put<quint16>(header, 0);
        header.append(QByteArray(20, '\0')); // as long as the longest of those that are sent
        return {header, 2};
    }
    return {};
}

QByteArray withChecksum(const Packet &packet, const QByteArray &payload)
{
    auto [segment, place] = transport(packet, payload.size());
    segment += payload;
    QByteArray covered;
    put(covered, packet.source);
    put(covered, packet.destination);
    put(covered, static_cast<quint32>(segment.size()));
    put(covered, static_cast<quint32>(packet.protocol));
    quint16 sum = checksum(covered + segment);
    if (sum == 0)
        sum = 0xffff;
    qToBigEndian(sum, segment.data() + place);
    return segment;
}

QByteArray header4(const Packet &packet, qsizetype length)
{
    QByteArray header;
    put<quint16>(header, 0x4500);
    put(header, static_cast<quint16>(20 + length));
    put<quint32>(header, 0);
    put(header, packet.hopLimit);
    put(header, static_cast<quint8>(packet.protocol));
    put<quint16>(header, 0);
    put(header, packet.source);
    put(header, packet.destination);
    qToBigEndian(checksum(header), header.data() + 10);
    return header;
}

QByteArray header6(const Packet &packet, qsizetype length)
{
    QByteArray header;
    put<quint32>(header, 0x60000000);
    put(header, static_cast<quint16>(length));
    put(header, static_cast<quint8>(packet.protocol));
    put(header, packet.hopLimit);
    put(header, packet.source);
    put(header, packet.destination);
    return header;
}

} // namespace

QByteArray bytesOf(const Packet &packet, quint32 cookie)
{
    QByteArray payload = kSignature;
    put(payload, cookie);
    const QByteArray segment = withChecksum(packet, payload);
    return (packet.family() == Family::IPv4 ? header4(packet, segment.size()) : header6(packet, segment.size()))
        + segment;
}

std::optional<quint32> cookieOf(const QByteArray &received)
{
    constexpr qsizetype kLength = sizeof kSignature - 1;
    if (received.size() < kLength + 4 || received.last(kLength + 4).first(kLength) != kSignature)
        return std::nullopt;
    return qFromBigEndian<quint32>(received.constData() + received.size() - 4);
}

} // namespace sallyport::test
