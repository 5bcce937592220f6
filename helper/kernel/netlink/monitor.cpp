// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/monitor.h"

#include "helper/kernel/netlink/attributes.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

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
    const Answer opened = m_notifications.open(NETLINK_ROUTE,
        {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
            RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE});
    if (opened)
        connect(m_notifications.notifier(), &QSocketNotifier::activated, this, &Monitor::drain);
    return opened.toResult(u"Listening to changes of the network"_s);
}

void Monitor::drain()
{
    bool concerned = false;
    const bool isComplete
        = m_notifications.drain([&](const nlmsghdr *message) { concerned = concerned || concernsUs(message); });
    if (concerned || !isComplete)
        Q_EMIT changed();
}

bool Monitor::concernsUs(const nlmsghdr *message) const
{
    // A notification carries the address of the socket whose request caused it.
    const bool ownDoing = message->nlmsg_pid != 0 && message->nlmsg_pid == m_own.port();
    return !ownDoing && !isWirelessChatter(message);
}

} // namespace sallyport::netlink
