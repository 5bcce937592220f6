// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/activity_watch.h"

#include "core/constants.h"
#include "core/plan/activity_table.h"
#include "helper/kernel/netlink/attributes.h"

#include <array>
#include <cerrno>
#include <linux/filter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sallyport::probe {

using namespace Qt::StringLiterals;
using netlink::Bytes;

namespace {

constexpr std::size_t kReceiveRoom = 8 * 1024;
constexpr quint8 kFamilyInet = 1; ///< NFPROTO_INET
constexpr quint16 kNewObject = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWOBJ;

/// Every change of any table is told on this socket; only objects that say something of themselves wake us up.
bool letInObjectsOnly(int socket)
{
    constexpr quint32 kEverything = 0xffffffff;
    // The filter reads numbers as the network writes them, netlink writes them as this machine does.
    const std::array<sock_filter, 4> program = {{
        BPF_STMT(BPF_LD | BPF_H | BPF_ABS, offsetof(nlmsghdr, nlmsg_type)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(kNewObject), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, kEverything),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    const sock_fprog filter{program.size(), const_cast<sock_filter *>(program.data())};
    return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

bool isOurs(const nlmsghdr *message)
{
    if (message->nlmsg_type != kNewObject)
        return false;
    QString table;
    QString name;
    netlink::visitAttributes(
        netlink::attributesAfter<nfgenmsg>(netlink::payloadOf(message)), [&](int type, Bytes value) {
            if (type == NFTA_OBJ_TABLE)
                table = netlink::textOf(value);
            else if (type == NFTA_OBJ_NAME)
                name = netlink::textOf(value);
        });
    return table == QLatin1StringView(kActivityTable) && name == QLatin1StringView(kActivityQuota);
}

} // namespace

Result<Done> ActivityWatch::arm()
{
    Result<Done> ready = m_notices ? Result<Done>(Done{}) : listen();
    if (ready && !m_tables)
        ready = makeTable();
    if (ready)
        ready = reset();
    if (!ready) {
        stop();
        return ready;
    }
    drain(); // told before: of packets that passed while nobody asked
    m_isArmed = true;
    return Done{};
}

void ActivityWatch::stop()
{
    m_isArmed = false;
    m_notifier.reset();
    m_notices.reset();
    m_tables.reset();
}

Result<Done> ActivityWatch::listen()
{
    netlink::NlSocket socket(nl_socket_alloc());
    errno = 0;
    if (!socket || nl_connect(socket.get(), NETLINK_NETFILTER) < 0 || !letInObjectsOnly(nl_socket_get_fd(socket.get()))
        || nl_socket_set_nonblocking(socket.get()) < 0
        || nl_socket_add_memberships(socket.get(), NFNLGRP_NFTABLES, 0) < 0)
        return systemError(u"Listening to packets of home"_s, errno);
    m_notices = std::move(socket);
    m_buffer.resize(kReceiveRoom);
    m_notifier = std::make_unique<QSocketNotifier>(nl_socket_get_fd(m_notices.get()), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ActivityWatch::drain);
    return Done{};
}

Result<Done> ActivityWatch::makeTable()
{
    m_tables = std::make_unique<nft::Tables>();
    return m_tables->replace(activityTable());
}

/// Reading with NFT_MSG_GETOBJ_RESET fills the quota again, and the kernel will say again when it is used up.
Result<Done> ActivityWatch::reset()
{
    netlink::Message request((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETOBJ_RESET, 0);
    request.append(nfgenmsg{kFamilyInet, NFNETLINK_V0, 0})
        .putText(NFTA_OBJ_TABLE, QLatin1StringView(kActivityTable))
        .putText(NFTA_OBJ_NAME, QLatin1StringView(kActivityQuota))
        .put32(NFTA_OBJ_TYPE, htonl(NFT_OBJECT_QUOTA));
    return m_requests.ask(request, [](const nlmsghdr *) {}).toResult(u"Waiting for packets of home"_s);
}

void ActivityWatch::drain()
{
    bool isTold = false;
    for (;;) {
        const ssize_t size
            = recv(nl_socket_get_fd(m_notices.get()), m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno != ENOBUFS)
            break;
        // What was lost may have been the word: one wake-up too many costs less than none.
        isTold = isTold || size < 0 || static_cast<std::size_t>(size) > m_buffer.size();
        int left = static_cast<int>(std::clamp<ssize_t>(size, 0, static_cast<ssize_t>(m_buffer.size())));
        for (auto *message = reinterpret_cast<nlmsghdr *>(m_buffer.data()); nlmsg_ok(message, left);
             message = nlmsg_next(message, &left))
            isTold = isTold || isOurs(message);
    }
    if (isTold && std::exchange(m_isArmed, false))
        Q_EMIT began();
}

} // namespace sallyport::probe
