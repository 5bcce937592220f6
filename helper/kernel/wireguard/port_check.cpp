// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/port_check.h"

#include "helper/handle.h"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sallyport::wireguard {

namespace {

template<class Address>
int tryToBind(int family, const Address &address)
{
    const FileHandle socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket)
        return 0; // a kernel without that family
    const int only = 1;
    if (family == AF_INET6)
        setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);
    return ::bind(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 ? 0 : errno;
}

} // namespace

Answer checkPort(quint16 port)
{
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    const bool isTaken = tryToBind(AF_INET, v4) == EADDRINUSE || tryToBind(AF_INET6, v6) == EADDRINUSE;
    return {isTaken ? EADDRINUSE : 0, {}};
}

} // namespace sallyport::wireguard
