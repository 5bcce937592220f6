// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"

/// Networks that the mesh must not share numbers with.
namespace sallyport {

struct SeenNetwork {
    Prefix prefix;
    QString whose; ///< for the person

    bool operator==(const SeenNetwork &) const = default;
};

/// Ranges that are in use nearly everywhere, whether they can be seen now or not.
std::vector<SeenNetwork> knownNetworks();
/// Of a Home and of what lies behind its devices, and of the exits.
std::vector<SeenNetwork> configuredNetworks(const Configuration &configuration);
/// The text of /proc/net/route and /proc/net/ipv6_route; defaults, loopback and link-local do not count.
std::vector<SeenNetwork> routedNetworks(QByteArrayView ipv4, QByteArrayView ipv6);
/// All of these, and the interfaces of this machine.
std::vector<SeenNetwork> networksInSight(const Configuration &configuration);

} // namespace sallyport
