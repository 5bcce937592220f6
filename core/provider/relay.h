// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"
#include "core/net/ip_address.h"

#include <QString>

#include <optional>
#include <vector>

/// The servers of a provider.
namespace sallyport {

struct Relay {
    QString hostname; ///< `se-sto-wg-001`; becomes part of the exit's name
    QString countryCode;
    QString country;
    QString city;
    QString operatorName; ///< who runs the machine
    bool isOwned = false; ///< by the provider itself
    bool isActive = true;
    IpAddress address;
    std::optional<IpAddress> address6;
    PublicKey publicKey;
    quint16 multihopPort = 0; ///< at any other relay, leads here; 0: not said
    std::optional<IpAddress> resolver; ///< inside the tunnel, where each relay has its own

    bool operator==(const Relay &) const = default;
};

struct PortRange {
    quint16 first = 0;
    quint16 last = 0;

    bool operator==(const PortRange &) const = default;
};

struct RelayList {
    std::vector<Relay> relays; ///< WireGuard only
    std::vector<PortRange> ports; ///< UDP; empty: only the usual one
    std::vector<IpAddress> resolvers; ///< inside the tunnel, of every relay
    std::optional<IpAddress> blockingResolver; ///< where it has an address of its own
    std::optional<IpAddress> hardcoreResolver;

    bool operator==(const RelayList &) const = default;
};

inline constexpr qsizetype kMaximumRelays = 10'000;
inline constexpr quint16 kUsualPort = 51820;

const Relay *findRelay(const RelayList &list, const QString &hostname);
bool takesPort(const RelayList &list, quint16 port);
/// The usual port if it is offered, else the first.
quint16 defaultPort(const RelayList &list);

/// `relays` have no multihop ports, `flat` does: the ports of those whose keys agree.
RelayList withMultihopPorts(RelayList list, const RelayList &flat);

struct RelayCity {
    QString name;
    std::vector<Relay> relays;
};
struct RelayCountry {
    QString name;
    QString code;
    std::vector<RelayCity> cities;
};
/// Active ones by country, city and name; of those that have the search's words in any of the three.
std::vector<RelayCountry> relaysByPlace(const RelayList &list, const QString &search);

} // namespace sallyport
