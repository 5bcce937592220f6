// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/socket.h"
#include "helper/probe/move_ports.h"

namespace sallyport::probe {

/// Asks the kernel how it would send a packet of home's WireGuard, by the mark.
class KernelPaths : public RoutePort {
public:
    KernelPaths() : m_socket(NETLINK_ROUTE) {}

    Result<std::optional<LocalPath>> pathTo(const Endpoint &endpoint) override;

private:
    netlink::Socket m_socket;
};

} // namespace sallyport::probe
