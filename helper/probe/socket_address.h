// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/endpoint.h"

#include <netinet/in.h>

namespace sallyport::probe {

/// What sendto() and bind() take.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&storage); }
};

/// Raw sockets want port 0.
SocketAddress socketAddress(const Endpoint &endpoint);

} // namespace sallyport::probe
