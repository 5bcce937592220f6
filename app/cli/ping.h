// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <chrono>
#include <optional>

struct sockaddr_storage;

namespace sallyport::cli {

/// `storage` becomes the address with that port; returns the size that system calls want.
unsigned fillAddress(sockaddr_storage &storage, const IpAddress &address, quint16 port);

struct Pinged {
    enum class Kind { Answered, Silent, Blocked, NotPermitted, TooLarge };

    Kind kind = Kind::Silent;
    std::chrono::microseconds took{0};
};

/// Up to three echo requests, 700 ms apart. With `size` bytes including the IP header, unfragmented; 0: small ones. Needs no
/// privilege where net.ipv4.ping_group_range allows it.
Pinged ping(const IpAddress &address, quint32 size);

} // namespace sallyport::cli
