// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/nft/tables.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace sallyport::probe {

/// Tells when payload begins to flow into or out of home, without looking at it and without asking again and again: a quota
/// of nftables is used up by the first packet, and the kernel says so once. Keepalives never pass the hooks. The table
/// belongs to a socket of this object and goes with it.
class ActivityWatch : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// From now on. Refused where the kernel has no nftables.
    Result<Done> arm();
    /// Takes the table away.
    void stop();

Q_SIGNALS:
    /// Once for each arm().
    void began();

private:
    Result<Done> listen();
    Result<Done> makeTable();
    Result<Done> reset();
    void drain();

    bool m_isArmed = false;
    std::unique_ptr<nft::Tables> m_tables; ///< owns the table while it lives
    netlink::Socket m_requests{NETLINK_NETFILTER};
    netlink::NlSocket m_notices;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::vector<quint8> m_buffer;
};

} // namespace sallyport::probe
