// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/echo_sender.h"

#include "helper/kernel/system_error.h"

#include <QRandomGenerator>
#include <QtEndian>

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/filter.h>
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
    request.id = static_cast<quint16>(QRandomGenerator::system()->generate());
    request.sequence = qToBigEndian(sequence);
    if (family == Family::IPv4)
        request.checksum = checksumOf(request); // for IPv6 the kernel does it
    return request;
}

socklen_t writeAddress(const IpAddress &to, sockaddr_storage &storage)
{
    storage = {};
    if (to.family() == Family::IPv4) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        std::memcpy(&address.sin_addr, to.bytes().data(), to.size());
        std::memcpy(&storage, &address, sizeof address);
        return sizeof address;
    }
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    std::memcpy(&address.sin6_addr, to.bytes().data(), to.size());
    std::memcpy(&storage, &address, sizeof address);
    return sizeof address;
}

bool setOption(const FileHandle &socket, int option, const void *value, socklen_t size)
{
    return setsockopt(socket.get(), SOL_SOCKET, option, value, size) == 0;
}

} // namespace

/// A socket for each request: it lives as long as sendto(), and there are three in a quarter of a second at most.
Result<Done> EchoSender::open(Family family, FileHandle &socket) const
{
    const QString what = u"Opening a socket for echo requests into "_s + m_link;
    constexpr int kKind = SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK;
    // What comes in before the filter is in place goes with the socket, unread.
    socket = FileHandle(
        family == Family::IPv4 ? ::socket(AF_INET, kKind, IPPROTO_ICMP) : ::socket(AF_INET6, kKind, IPPROTO_ICMPV6));
    if (!socket)
        return systemError(what, errno);
    std::array<sock_filter, 1> refuseAll = {{BPF_STMT(BPF_RET | BPF_K, 0)}};
    const sock_fprog filter{refuseAll.size(), refuseAll.data()};
    const int on = 1;
    const QByteArray link = m_link.toUtf8();
    if (!setOption(socket, SO_ATTACH_FILTER, &filter, sizeof filter)
        || !setOption(socket, SO_LOCK_FILTER, &on, sizeof on)
        || !setOption(socket, SO_BINDTODEVICE, link.constData(), static_cast<socklen_t>(link.size())))
        return systemError(what, errno);
    return Done{};
}

Result<Done> EchoSender::send(const IpAddress &to)
{
    FileHandle socket;
    if (Result<Done> opened = open(to.family(), socket); !opened)
        return opened;
    const EchoRequest request = requestFor(to.family(), ++m_sequence);
    sockaddr_storage address{};
    const socklen_t size = writeAddress(to, address);
    if (sendto(socket.get(), &request, sizeof request, MSG_NOSIGNAL, reinterpret_cast<const sockaddr *>(&address), size)
        < 0)
        return systemError(u"Sending an echo request to "_s + to.toString(), errno);
    return Done{};
}

} // namespace sallyport::probe
