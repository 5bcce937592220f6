// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/prefix.h"

#include <QStringList>

#include <optional>
#include <vector>

/// What other programs have put into the kernel, as far as it can meet ours. Read, never changed.
namespace sallyport {

/// A policy rule that does not carry our protocol; the kernel's own three are among them.
struct ForeignRule {
    enum class Action : quint8 { Lookup, Refuse, Other };

    Family family = Family::IPv4;
    quint32 preference = 0;
    Action action = Action::Lookup;
    quint32 table = 0; ///< only Lookup
    quint32 mark = 0; ///< compared under `mask`
    quint32 mask = 0; ///< 0: any mark
    bool inverted = false; ///< applies to what the selectors do not describe
    QString inputDevice; ///< empty: any; `lo` is what this machine itself sends
    QString outputDevice;
    std::optional<Prefix> source;
    std::optional<Prefix> destination;
    bool isNarrow = false; ///< has further selectors: users, ports, protocols
    std::optional<quint32> suppressPrefixLength; ///< routes as short as this do not count
    quint8 protocol = 0; ///< FRA_PROTOCOL

    bool operator==(const ForeignRule &) const = default;
};

/// A route for everything (or two halves of it) in a table that a foreign rule leads to.
struct ForeignDefault {
    Family family = Family::IPv4;
    quint32 table = 0;
    QString device; ///< empty: it refuses

    bool operator==(const ForeignDefault &) const = default;
};

/// An interface that is up, no uplink and not ours: another tunnel, or a bridge for containers.
struct ForeignLink {
    QString name;
    QString kind;

    bool operator==(const ForeignLink &) const = default;
};

/// An nftables table, also of iptables as Debian and its kin ship it.
struct ForeignTable {
    QString family; ///< ip, ip6, inet, arp, bridge or netdev
    QString name;
    QStringList chains; ///< those whose names tell whose they are, and base chains; sorted
    bool dropsInput = false; ///< a base chain with policy drop
    bool dropsForward = false;
    bool namesUs = false; ///< somebody wrote a rule for our interfaces

    bool operator==(const ForeignTable &) const = default;
};

/// What the kernel says when it is asked for the way to the internet (RTM_GETROUTE).
struct RouteAnswer {
    Family family = Family::IPv4;
    quint32 mark = 0; ///< of our encrypted packets; 0: of any other program
    QString device; ///< empty: refused

    bool operator==(const RouteAnswer &) const = default;
};

/// Bounded: what is beyond the limits of helper/kernel/others is left out.
struct Others {
    std::vector<ForeignRule> rules; ///< sorted by family and preference
    std::vector<ForeignDefault> defaults;
    std::vector<ForeignLink> links; ///< sorted by name
    std::vector<ForeignTable> tables; ///< sorted by family and name
    std::vector<RouteAnswer> answers;
    bool networkdDeletesRules = false; ///< systemd-networkd runs and was not told to leave other programs' rules alone

    bool operator==(const Others &) const = default;
};

} // namespace sallyport
