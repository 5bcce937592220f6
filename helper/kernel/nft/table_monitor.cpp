// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/nft/table_monitor.h"

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/nft/tables.h"

#include <algorithm>
#include <cerrno>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

namespace sallyport::nft {

using namespace Qt::StringLiterals;
using netlink::Bytes;

namespace {

constexpr std::size_t kReceiveRoom = 64 * 1024;
/// Every rule and element is told by a message of its own: one of our tables made anew fills the usual 200 KiB.
constexpr int kQueueRoom = 8 * 1024 * 1024;
constexpr quint8 kFamilyInet = 1; ///< NFPROTO_INET
/// NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE, NFTA_SET_TABLE and the others are all 1.
constexpr int kTableOfAny = NFTA_TABLE_NAME;
static_assert(NFTA_CHAIN_TABLE == kTableOfAny && NFTA_RULE_TABLE == kTableOfAny && NFTA_SET_TABLE == kTableOfAny
    && NFTA_SET_ELEM_LIST_TABLE == kTableOfAny && NFTA_OBJ_TABLE == kTableOfAny);

Bytes attributesOf(const nlmsghdr *message)
{
    return netlink::attributesAfter<nfgenmsg>(netlink::payloadOf(message));
}

} // namespace

TableMonitor::TableMonitor(QStringList tables, const netlink::Socket &own, QObject *parent)
    : QObject(parent), m_tables(std::move(tables)), m_own(own)
{
}

Result<Done> TableMonitor::start()
{
    const QString what = u"Listening to changes of nftables"_s;
    m_notifier.reset();
    m_socket.reset(nl_socket_alloc());
    errno = 0;
    if (!m_socket || nl_connect(m_socket.get(), NETLINK_NETFILTER) < 0 || nl_socket_set_nonblocking(m_socket.get()) < 0
        || nl_socket_add_memberships(m_socket.get(), NFNLGRP_NFTABLES, 0) < 0)
        return systemError(what, errno);
    // Without the right to it the usual room has to do; what is lost is noticed then.
    (void)setsockopt(nl_socket_get_fd(m_socket.get()), SOL_SOCKET, SO_RCVBUFFORCE, &kQueueRoom, sizeof kQueueRoom);
    m_buffer.resize(kReceiveRoom);
    m_notifier = std::make_unique<QSocketNotifier>(nl_socket_get_fd(m_socket.get()), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &TableMonitor::drain);
    return Done{};
}

void TableMonitor::drain()
{
    bool isComplete = true;
    for (;;) {
        const ssize_t size
            = recv(nl_socket_get_fd(m_socket.get()), m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno == EAGAIN)
            break;
        if (size >= 0 && static_cast<std::size_t>(size) <= m_buffer.size()) {
            read(std::span(m_buffer).first(static_cast<std::size_t>(size)));
            continue;
        }
        isComplete = false;
        if (size < 0 && errno != ENOBUFS)
            break;
    }
    if (isComplete)
        return;
    // ENOBUFS: notifications were lost, and so was what they told. The start of a transaction whose end is lost must not
    // pass for a part of the next one.
    m_changed.clear();
    m_madeByUs.clear();
    Q_EMIT touched(m_tables, {});
}

void TableMonitor::read(std::span<quint8> datagram)
{
    int size = static_cast<int>(datagram.size());
    for (auto *message = reinterpret_cast<nlmsghdr *>(datagram.data()); nlmsg_ok(message, size);
         message = nlmsg_next(message, &size)) {
        if (message->nlmsg_type == ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWGEN))
            endTransaction(message);
        else if (NFNL_SUBSYS_ID(message->nlmsg_type) == NFNL_SUBSYS_NFTABLES
            && (message->nlmsg_pid == 0 || message->nlmsg_pid != m_own.port()))
            note(message);
    }
}

void TableMonitor::note(const nlmsghdr *message)
{
    const auto head = netlink::fixedHeader<nfgenmsg>(netlink::payloadOf(message));
    if (!head || head->nfgen_family != kFamilyInet)
        return;
    QString table;
    QString comment;
    const bool makesTable = NFNL_MSG_TYPE(message->nlmsg_type) == NFT_MSG_NEWTABLE;
    netlink::visitAttributes(attributesOf(message), [&](int type, Bytes value) {
        if (type == kTableOfAny)
            table = netlink::textOf(value);
        else if (makesTable && type == NFTA_TABLE_USERDATA)
            comment = commentIn(value);
    });
    if (!m_tables.contains(table))
        return;
    m_changed.insert(table);
    if (comment.startsWith(u"sallyport "_s))
        m_madeByUs.insert(table);
}

void TableMonitor::endTransaction(const nlmsghdr *message)
{
    QString program;
    netlink::visitAttributes(attributesOf(message), [&](int type, Bytes value) {
        if (type == NFTA_GEN_PROC_NAME)
            program = netlink::textOf(value);
    });
    QStringList foreign;
    std::ranges::set_difference(m_changed, m_madeByUs, std::back_inserter(foreign));
    m_changed.clear();
    m_madeByUs.clear();
    if (!foreign.isEmpty())
        Q_EMIT touched(foreign, program);
}

} // namespace sallyport::nft
