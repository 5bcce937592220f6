// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

namespace sallyport {

/// Who is asked for names. With `tlsName` the questions travel inside TLS, and the server has to prove that name.
struct DnsServer {
    IpAddress address;
    QString tlsName;

    /// `9.9.9.9`, or with TLS `9.9.9.9#dns.quad9.net` or `tls://dns.quad9.net@9.9.9.9`.
    static Result<DnsServer> parse(QStringView text);
    QString toString() const;

    std::strong_ordering operator<=>(const DnsServer &) const = default;
};

} // namespace sallyport
