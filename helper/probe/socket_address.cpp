// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/socket_address.h"

#include <cstring>

namespace sallyport::probe {

SocketAddress socketAddress(const Endpoint &endpoint)
{
    SocketAddress result;
    if (endpoint.address.family() == Family::IPv4) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        std::memcpy(&address.sin_addr, endpoint.address.bytes().data(), endpoint.address.size());
        std::memcpy(&result.storage, &address, sizeof address);
        result.size = sizeof address;
        return result;
    }
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(endpoint.port);
    address.sin6_scope_id = endpoint.scopeId;
    std::memcpy(&address.sin6_addr, endpoint.address.bytes().data(), endpoint.address.size());
    std::memcpy(&result.storage, &address, sizeof address);
    result.size = sizeof address;
    return result;
}

} // namespace sallyport::probe
