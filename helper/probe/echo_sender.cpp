// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/echo_sender.h"

#include "helper/kernel/system_error.h"
#include "helper/probe/closed_socket.h"
#include "helper/probe/socket_address.h"

#include <QRandomGenerator>
#include <QtEndian>

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

namespace {

struct EchoRequest {
    quint8 type = 0;
    quint8 code = 0;
    quint16 checksum = 0;
    quint16 id = 0;
    quint16 sequence = 0;
    std::array<quint8, 16> payload{};
};
static_assert(sizeof(EchoRequest) == 24);

/// RFC 1071.
quint16 checksumOf(const EchoRequest &request)
{
    std::array<quint16, sizeof(EchoRequest) / 2> words{};
    std::memcpy(words.data(), &request, sizeof request);
    quint32 sum = 0;
    for (const quint16 word : words)
        sum += word;
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<quint16>(~(sum + (sum >> 16)));
}

EchoRequest requestFor(Family family, quint16 sequence)
{
    EchoRequest request;
    request.type = family == Family::IPv4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    request.id = static_cast<quint16>(QRandomGenerator::global()->generate());
    request.sequence = qToBigEndian(sequence);
    if (family == Family::IPv4)
        request.checksum = checksumOf(request); // for IPv6 the kernel does it
    return request;
}

} // namespace

Result<Done> EchoSender::send(const IpAddress &to)
{
    const bool isIPv4 = to.family() == Family::IPv4;
    const auto socket = isIPv4 ? sendingSocket(AF_INET, IPPROTO_ICMP) : sendingSocket(AF_INET6, IPPROTO_ICMPV6);
    if (!socket)
        return socket.error();
    const QString what = u"Sending an echo request to "_s + to.toString();
    const QByteArray link = m_link.toUtf8();
    if (setsockopt(socket->get(), SOL_SOCKET, SO_BINDTODEVICE, link.constData(), static_cast<socklen_t>(link.size()))
        != 0)
        return systemError(what, errno);
    const EchoRequest request = requestFor(to.family(), ++m_sequence);
    const NativeAddress address = NativeAddress::of(to, 0, 0);
    if (sendto(socket->get(), &request, sizeof request, MSG_NOSIGNAL, address.get(), address.size()) < 0)
        return systemError(what, errno);
    return Done{};
}

} // namespace sallyport::probe
