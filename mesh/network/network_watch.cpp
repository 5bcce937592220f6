// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/network_watch.h"

#include <cerrno>
#include <cstdio>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kRoom = 32 * 1024;
constexpr auto kCollecting = 150ms;
constexpr auto kSettled = 1s;
constexpr std::array kGroups
    = {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE};

bool join(int socket, int group, bool member = true)
{
    return setsockopt(
               socket, SOL_NETLINK, member ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP, &group, sizeof group)
        == 0;
}

} // namespace

NetworkWatch::NetworkWatch(QObject *parent) : QObject(parent)
{
    m_collecting.setSingleShot(true);
    m_collecting.setTimerType(Qt::PreciseTimer);
    m_collecting.setInterval(kCollecting);
    connect(&m_collecting, &QTimer::timeout, this, [this] {
        if (std::exchange(m_heardMore, false)) {
            m_collecting.start();
            look();
        }
    });
    m_settled.setSingleShot(true);
    m_settled.setInterval(kSettled);
    connect(&m_settled, &QTimer::timeout, this, &NetworkWatch::look);
}

Result<Done> NetworkWatch::start()
{
    if (Result<Done> subscribed = subscribe(); !subscribed)
        return subscribed;
    look();
    return Done{};
}

Result<Done> NetworkWatch::subscribe()
{
    m_events = FileHandle(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
    sockaddr_nl anywhere{};
    anywhere.nl_family = AF_NETLINK;
    bool isFine = m_events && bind(m_events.get(), reinterpret_cast<const sockaddr *>(&anywhere), sizeof anywhere) == 0;
    for (const auto group : kGroups)
        isFine = isFine && join(m_events.get(), group);
    if (!isFine)
        return systemError(u"Listening to changes of the network"_s);
    m_buffer.resize(kRoom);
    m_notifier = std::make_unique<QSocketNotifier>(m_events.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &NetworkWatch::drain);
    return Done{};
}

void NetworkWatch::drain()
{
    bool isConcerned = false;
    for (;;) {
        const ssize_t size = recv(m_events.get(), m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        // ENOBUFS: notifications were lost, and so was what they told.
        const bool isLost = size < 0 ? errno == ENOBUFS : std::size_t(size) > m_buffer.size();
        isConcerned = isConcerned || isLost;
        if (size < 0 && !isLost)
            break;
        if (!isLost) {
            visitMessages(std::span(m_buffer).first(std::size_t(size)),
                [&](const nlmsghdr &message) { isConcerned = isConcerned || changesNetworks(message); });
        }
    }
    if (isConcerned)
        heardSomething();
}

void NetworkWatch::heardSomething()
{
    m_settled.start();
    if (m_collecting.isActive()) {
        m_heardMore = true;
        return;
    }
    m_collecting.start();
    look();
}

void NetworkWatch::lookAgain()
{
    heardSomething();
}

void NetworkWatch::look()
{
    Result<KernelNetworks> kernel = readNetworks(m_questions);
    if (!kernel) {
        std::fprintf(stderr, "sallyport-meshd: %s\n", qUtf8Printable(kernel.error().detail));
        m_settled.start();
        return;
    }
    std::vector<PathNetwork> networks = physicalNetworks(*kernel);
    listenToNeighbours(isAnyGatewayUnknown(networks));
    if (std::exchange(m_hasLooked, true) && networks == m_networks)
        return;
    m_networks = std::move(networks);
    Q_EMIT changed(m_networks);
}

/// Only until every gateway is known: on a busy network neighbours come and go all the time.
void NetworkWatch::listenToNeighbours(bool listen)
{
    if (listen == m_hearsNeighbours || !join(m_events.get(), RTNLGRP_NEIGH, listen))
        return;
    m_hearsNeighbours = listen;
    // It may have become known between the reading and the listening.
    if (listen)
        m_settled.start();
}

} // namespace sallyport::mesh
