// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

namespace sallyport {

/// Where UDP is sent: a numeric address and a port from 1 to 65535. `scopeId` is the interface index of an IPv6
/// link-local address, otherwise 0.
struct Endpoint {
    IpAddress address;
    quint16 port = 0;
    quint32 scopeId = 0;

    /// `10.41.1.4:53333` or `[fd00::1]:53333`.
    static Result<Endpoint> parse(QStringView text);
    QString toString() const;

    auto operator<=>(const Endpoint &) const = default;
};

/// What a person writes: like Endpoint, but the host may be a DNS name (RFC 1123 letters, digits, hyphens, dots).
/// Never resolved in this library or in the helper.
struct HostEndpoint {
    QString host;
    quint16 port = 0;

    static Result<HostEndpoint> parse(QStringView text);
    /// The numeric endpoint, if `host` is an address.
    Result<Endpoint> numeric() const;
    bool isName() const { return !IpAddress::parse(host); }
    QString toString() const;

    std::strong_ordering operator<=>(const HostEndpoint &) const = default;
};

} // namespace sallyport
