// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/monitor.h"

#include "helper/kernel/netlink/attributes.h"

#include <cerrno>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kReceiveRoom = 32 * 1024;

/// Wireless drivers report every scan in a link message that changes nothing.
bool isWirelessChatter(const nlmsghdr *message)
{
    bool wireless = false;
    if (message->nlmsg_type != RTM_NEWLINK)
        return false;
    visitAttributes(attributesAfter<ifinfomsg>(payloadOf(message)),
        [&](int type, Bytes) { wireless = wireless || type == IFLA_WIRELESS; });
    return wireless;
}

} // namespace

Monitor::Monitor(const Socket &own, QObject *parent) : QObject(parent), m_own(own) {}

Result<Done> Monitor::start()
{
    const QString what = u"Listening to changes of the network"_s;
    m_notifier.reset();
    m_socket.reset(nl_socket_alloc());
    errno = 0;
    if (!m_socket || nl_connect(m_socket.get(), NETLINK_ROUTE) < 0 || nl_socket_set_nonblocking(m_socket.get()) < 0)
        return systemError(what, errno);
    if (nl_socket_add_memberships(m_socket.get(), RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
            RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_NONE)
        < 0)
        return systemError(what, errno);
    m_buffer.resize(kReceiveRoom);
    m_notifier = std::make_unique<QSocketNotifier>(nl_socket_get_fd(m_socket.get()), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &Monitor::drain);
    return Done{};
}

void Monitor::drain()
{
    bool concerned = false;
    for (;;) {
        const ssize_t size
            = recv(nl_socket_get_fd(m_socket.get()), m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno == EAGAIN)
            break;
        // ENOBUFS: notifications were lost, and so was what they told.
        if (size < 0 || static_cast<std::size_t>(size) > m_buffer.size()) {
            concerned = true;
            if (size < 0 && errno != ENOBUFS)
                break;
            continue;
        }
        concerned = concernsUs(std::span(m_buffer).first(static_cast<std::size_t>(size))) || concerned;
    }
    if (concerned)
        Q_EMIT changed();
}

bool Monitor::concernsUs(std::span<quint8> datagram) const
{
    int size = static_cast<int>(datagram.size());
    for (auto *message = reinterpret_cast<nlmsghdr *>(datagram.data()); nlmsg_ok(message, size);
         message = nlmsg_next(message, &size)) {
        // A notification carries the address of the socket whose request caused it.
        const bool ownDoing = message->nlmsg_pid != 0 && message->nlmsg_pid == m_own.port();
        if (!ownDoing && !isWirelessChatter(message))
            return true;
    }
    return false;
}

} // namespace sallyport::netlink
