// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/socket.h"

#include <QSocketNotifier>

namespace sallyport::netlink {

/// Groups of notifications of one netlink protocol, in the network namespace of the thread that opens it.
class Subscription {
public:
    using Visit = std::function<void(const nlmsghdr *)>;

    /// `room` for what is not read yet, in bytes; 0: the system's usual.
    Answer open(int protocol, const std::vector<int> &groups, int room = 0);
    /// Activated when there is something to drain. Valid until the next open().
    QSocketNotifier *notifier() const { return m_notifier.get(); }
    /// Visits all messages that are there. False: some were lost, and so was what they told.
    bool drain(const Visit &visit);

private:
    NlSocket m_socket;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::vector<quint8> m_buffer;
};

} // namespace sallyport::netlink
