// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/endpoint.h"

#include <QByteArray>

#include <optional>
#include <span>

namespace sallyport::probe {

/// An IPv4 packet with one UDP datagram in it, complete but for what the kernel fills in of the IP header.
QByteArray packetOf(const Endpoint &from, const Endpoint &to, std::span<const quint8> payload);
/// A UDP datagram for a socket that computes the checksum (IPV6_CHECKSUM).
QByteArray datagramOf(quint16 fromPort, quint16 toPort, std::span<const quint8> payload);

/// Where it was cut out of what a raw socket received.
struct Datagram {
    quint16 sourcePort = 0;
    std::span<const quint8> payload;
};
/// Nothing: the lengths do not fit together. Looks at lengths and the port, at nothing that was sent.
std::optional<Datagram> datagramIn(Family family, std::span<const quint8> received);

} // namespace sallyport::probe
