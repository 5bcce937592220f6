// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/dns_server.h"

#include <QStringList>

#include <vector>

/// Who answers for names on this machine.
namespace sallyport {

/// What is asked through one of our links.
struct LinkDns {
    QString link;
    std::vector<DnsServer> servers; ///< in order of preference
    QStringList searchDomains; ///< appended to short names
    QStringList routingDomains; ///< names that these servers are asked for; `.` is every name

    bool operator==(const LinkDns &) const = default;
};

/// Through what the system's resolver can be set here.
enum class DnsWay : quint8 {
    None, ///< not at all
    Resolved, ///< systemd-resolved: per link and per domain, also with TLS
    Openresolv,
    DebianResolvconf,
    File, ///< /etc/resolv.conf itself
};

} // namespace sallyport
