// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/socket_address.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>

namespace sallyport::probe {

namespace {

/// Room for one in_pktinfo or in6_pktinfo.
using Control = std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))>;

template<class T>
T read(const void *bytes)
{
    T value{};
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

IpAddress addressOf(const in_addr &address)
{
    return IpAddress::fromBytes(Family::IPv4, {reinterpret_cast<const quint8 *>(&address), sizeof address});
}

IpAddress addressOf(const in6_addr &address)
{
    return IpAddress::fromBytes(Family::IPv6, {reinterpret_cast<const quint8 *>(&address), sizeof address});
}

void readSource(const sockaddr_storage &from, Arrival &arrival)
{
    if (from.ss_family == AF_INET) {
        arrival.source = addressOf(read<sockaddr_in>(&from).sin_addr);
        return;
    }
    const auto native = read<sockaddr_in6>(&from);
    arrival.source = addressOf(native.sin6_addr);
    if (arrival.source.isLinkLocal())
        arrival.scopeId = native.sin6_scope_id;
}

void readPath(msghdr &message, Arrival &arrival)
{
    for (cmsghdr *entry = CMSG_FIRSTHDR(&message); entry != nullptr; entry = CMSG_NXTHDR(&message, entry)) {
        if (entry->cmsg_level == IPPROTO_IP && entry->cmsg_type == IP_PKTINFO) {
            const auto path = read<in_pktinfo>(CMSG_DATA(entry));
            arrival.destination = addressOf(path.ipi_addr);
            arrival.interfaceIndex = static_cast<quint32>(path.ipi_ifindex);
        } else if (entry->cmsg_level == IPPROTO_IPV6 && entry->cmsg_type == IPV6_PKTINFO) {
            const auto path = read<in6_pktinfo>(CMSG_DATA(entry));
            arrival.destination = addressOf(path.ipi6_addr);
            arrival.interfaceIndex = path.ipi6_ifindex;
        }
    }
}

} // namespace

NativeAddress NativeAddress::of(const IpAddress &address, quint16 port, quint32 scopeId)
{
    NativeAddress native;
    if (address.family() == Family::IPv4) {
        sockaddr_in value{};
        value.sin_family = AF_INET;
        value.sin_port = htons(port);
        std::memcpy(&value.sin_addr, address.bytes().data(), address.size());
        std::memcpy(&native.m_storage, &value, sizeof value);
        native.m_size = sizeof value;
        return native;
    }
    sockaddr_in6 value{};
    value.sin6_family = AF_INET6;
    value.sin6_port = htons(port);
    value.sin6_scope_id = scopeId;
    std::memcpy(&value.sin6_addr, address.bytes().data(), address.size());
    std::memcpy(&native.m_storage, &value, sizeof value);
    native.m_size = sizeof value;
    return native;
}

bool forgetPeer(int socket)
{
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    return ::connect(socket, &nobody, sizeof nobody) == 0;
}

std::optional<IpAddress> ownAddress(int socket)
{
    sockaddr_in own{};
    socklen_t size = sizeof own;
    if (getsockname(socket, reinterpret_cast<sockaddr *>(&own), &size) != 0 || own.sin_family != AF_INET)
        return std::nullopt;
    return addressOf(own.sin_addr);
}

std::optional<std::size_t> receiveWithPath(int socket, std::span<quint8> buffer, Arrival &arrival)
{
    sockaddr_storage from{};
    alignas(cmsghdr) Control control{};
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t size = -1;
    do {
        size = recvmsg(socket, &message, MSG_DONTWAIT | MSG_TRUNC);
    } while (size < 0 && errno == EINTR);
    if (size < 0)
        return std::nullopt;
    readSource(from, arrival);
    readPath(message, arrival);
    return static_cast<std::size_t>(size);
}

bool sendThrough(int socket, const QByteArray &datagram, const NativeAddress &to, quint32 interfaceIndex)
{
    iovec part{const_cast<char *>(datagram.constData()), static_cast<std::size_t>(datagram.size())};
    alignas(cmsghdr) Control control{};
    msghdr message{};
    message.msg_name = const_cast<sockaddr *>(to.get());
    message.msg_namelen = to.size();
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (interfaceIndex != 0) {
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        cmsghdr *entry = CMSG_FIRSTHDR(&message);
        entry->cmsg_level = IPPROTO_IPV6;
        entry->cmsg_type = IPV6_PKTINFO;
        entry->cmsg_len = CMSG_LEN(sizeof(in6_pktinfo));
        in6_pktinfo path{};
        path.ipi6_ifindex = interfaceIndex;
        std::memcpy(CMSG_DATA(entry), &path, sizeof path);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

} // namespace sallyport::probe
