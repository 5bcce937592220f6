// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"
#include "helper/kernel/netlink/socket.h"

namespace sallyport::netlink {

/// Policy rules that carry kRouteProtocol, over a NETLINK_ROUTE socket that outlives this.
class Rules {
public:
    explicit Rules(Socket &socket) : m_socket(socket) {}

    /// Sorted.
    Result<std::vector<Rule>> ours();
    /// Adding what is there already is no error.
    Result<Done> add(const Rule &rule);
    /// Deleting what is not there is no error.
    Result<Done> remove(const Rule &rule);

private:
    Socket &m_socket;
};

std::optional<Rule> parseRule(const nlmsghdr *message);

} // namespace sallyport::netlink
