// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <array>
#include <optional>
#include <span>
#include <vector>

struct nlmsghdr;

/// What the kernel says over rtnetlink, as values. A truncated or oddly sized attribute counts as absent.
namespace sallyport::mesh {

struct Link {
    quint32 index = 0;
    QString name{};
    quint32 flags = 0; ///< IFF_…
    quint32 master = 0; ///< what it is a port of
    QString kind{}; ///< empty for hardware
    QString masterKind{};

    bool operator==(const Link &) const = default;
};

struct LinkAddress {
    quint32 link = 0;
    IpAddress address;
    quint8 length = 0;
    bool isUsable = false; ///< neither still being looked for on the network, nor a duplicate, nor on its way out

    bool operator==(const LinkAddress &) const = default;
};

/// A way to everywhere.
struct DefaultRoute {
    quint32 link = 0;
    Family family = Family::IPv4;
    std::optional<IpAddress> gateway{};
    quint32 metric = 0;

    bool operator==(const DefaultRoute &) const = default;
};

using LinkLayerAddress = std::array<quint8, 6>;

struct Neighbour {
    quint32 link = 0;
    IpAddress address;
    LinkLayerAddress physical{};

    bool operator==(const Neighbour &) const = default;
};

std::optional<Link> linkIn(const nlmsghdr &message);
std::optional<LinkAddress> addressIn(const nlmsghdr &message);
/// All ways that one message names; none if it is another kind of route, or in another table than the main one.
std::vector<DefaultRoute> defaultRoutesIn(const nlmsghdr &message);
/// Only one whose physical address is known.
std::optional<Neighbour> neighbourIn(const nlmsghdr &message);
/// Not so: the report of a wireless driver about a scan, a route to somewhere, a neighbour that is only looked for.
bool changesNetworks(const nlmsghdr &message);

} // namespace sallyport::mesh
