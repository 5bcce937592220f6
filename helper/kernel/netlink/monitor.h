// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/subscription.h"

#include <QObject>

namespace sallyport::netlink {

/// Tells when somebody else changed links, addresses, routes or rules. What `own` caused itself is not told.
class Monitor : public QObject {
    Q_OBJECT

public:
    /// `own` is the socket on which we make changes; it outlives this.
    explicit Monitor(const Socket &own, QObject *parent = nullptr);

    Result<Done> start();

Q_SIGNALS:
    /// At most once per wake-up, however many notifications there were.
    void changed();

private:
    void drain();
    bool concernsUs(const nlmsghdr *message) const;

    const Socket &m_own;
    Subscription m_notifications;
};

} // namespace sallyport::netlink
