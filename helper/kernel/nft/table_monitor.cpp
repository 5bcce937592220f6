// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/nft/table_monitor.h"

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/nft/tables.h"

#include <algorithm>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

namespace sallyport::nft {

using namespace Qt::StringLiterals;
using netlink::Bytes;

namespace {

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
    const auto opened = m_notifications.open(NETLINK_NETFILTER, {NFNLGRP_NFTABLES}, kQueueRoom);
    if (opened)
        connect(m_notifications.notifier(), &QSocketNotifier::activated, this, &TableMonitor::drain);
    return opened.toResult(u"Listening to changes of nftables"_s);
}

void TableMonitor::drain()
{
    if (m_notifications.drain([this](const nlmsghdr *message) { read(message); }))
        return;
    // The start of a transaction whose end is lost must not pass for a part of the next one.
    m_changed.clear();
    m_madeByUs.clear();
    Q_EMIT touched(m_tables, {});
}

void TableMonitor::read(const nlmsghdr *message)
{
    if (message->nlmsg_type == ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWGEN))
        endTransaction(message);
    else if (NFNL_SUBSYS_ID(message->nlmsg_type) == NFNL_SUBSYS_NFTABLES
        && (message->nlmsg_pid == 0 || message->nlmsg_pid != m_own.port()))
        note(message);
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
