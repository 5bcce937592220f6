// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/dns_server.h"

#include <vector>

namespace sallyport {

/// `policy.exitDns`, parsed: who is asked for names while Exit is on.
struct ExitDns {
    enum class From {
        Provider, ///< the servers of the exit itself
        Home, ///< those of `home.dns`
        Network, ///< whoever the network names, as without us
        Servers,
    };

    From from = From::Provider;
    std::vector<DnsServer> servers; ///< only Servers

    /// `provider`, `home`, `network`, or servers separated by commas or spaces; all of them with TLS or none.
    static Result<ExitDns> parse(QStringView text);

    bool operator==(const ExitDns &) const = default;
};

} // namespace sallyport
