// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/socket.h"

namespace sallyport::netlink {

/// The neighbour table (ARP and neighbour discovery), over a NETLINK_ROUTE socket that outlives this.
class Neighbours {
public:
    explicit Neighbours(Socket &socket) : m_socket(socket) {}

    /// Forgets every neighbour that has not answered yet, on every link. The packets that wait for its answer go with it
    /// (net/core/neighbour.c, neigh_invalidate); their senders are told that the host is unreachable and try again.
    Result<Done> forgetUnresolved();

private:
    Socket &m_socket;
};

} // namespace sallyport::netlink
