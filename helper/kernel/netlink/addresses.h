// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/socket.h"

namespace sallyport::netlink {

/// An address and the index of the interface that has it.
struct LinkAddress {
    quint32 link = 0;
    InterfaceAddress address;

    auto operator<=>(const LinkAddress &) const = default;
};

/// Addresses of interfaces, over a NETLINK_ROUTE socket that outlives this.
class Addresses {
public:
    explicit Addresses(Socket &socket) : m_socket(socket) {}

    /// Both families, sorted.
    Result<std::vector<LinkAddress>> all();
    /// Without a route for the network and without duplicate address detection, which has nobody to ask on a tunnel.
    /// Adding what is there already is no error.
    Result<Done> add(const QString &link, const InterfaceAddress &address);
    /// Deleting what is not there is no error.
    Result<Done> remove(const QString &link, const InterfaceAddress &address);

private:
    Socket &m_socket;
};

} // namespace sallyport::netlink
