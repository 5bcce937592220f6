// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/subscription.h"

#include <QObject>

#include <set>

namespace sallyport::nft {

/// Tells when somebody else changed or removed one of our nftables tables (`nft flush ruleset`, a firewall that starts).
/// A transaction in which a table of ours is made anew with a version in its comment is our own doing: nobody else
/// writes such a comment. So is what was asked for on `own`.
class TableMonitor : public QObject {
    Q_OBJECT

public:
    TableMonitor(QStringList tables, const netlink::Socket &own, QObject *parent = nullptr);

    /// Fails where the kernel has no nftables.
    Result<Done> start();

Q_SIGNALS:
    /// `program` is the name of the process that did it, empty if the kernel did not say.
    void touched(const QStringList &tables, const QString &program);

private:
    void drain();
    void read(const nlmsghdr *message);
    void note(const nlmsghdr *message);
    void endTransaction(const nlmsghdr *message);

    const QStringList m_tables;
    const netlink::Socket &m_own;
    std::set<QString> m_changed; ///< in the transaction that is being told
    std::set<QString> m_madeByUs;
    netlink::Subscription m_notifications;
};

} // namespace sallyport::nft
