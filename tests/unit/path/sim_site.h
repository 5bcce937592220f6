// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/endpoint.h"
#include "core/net/prefix.h"
#include "core/probe/probe.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

/// A small internet for two devices: networks with their routers, and what those do to packets. Knows nothing of how paths
/// are chosen.
namespace sallyport::sim {

using Time = std::chrono::microseconds;

/// What a router with address translation remembers: one public port for each inside socket, and whom it has written to.
class Nat {
public:
    quint16 portFor(const Endpoint &inside);
    void open(quint16 port, const Endpoint &remote, Time now) { m_written[{port, remote}] = now; }
    /// Where a packet from outside goes: a forwarded port, or one that has written to exactly that sender lately.
    std::optional<Endpoint> inside(quint16 port, const Endpoint &remote, Time now) const;
    void forward(quint16 port, const Endpoint &inside) { m_forwards[port] = inside; }
    void forget();

private:
    std::map<Endpoint, quint16> m_ports;
    std::map<quint16, Endpoint> m_forwards;
    std::map<std::pair<quint16, Endpoint>, Time> m_written;
};

/// A network with a router.
struct Site {
    InterfaceAddress inside4; ///< the router's own
    std::optional<InterfaceAddress> inside6;
    std::optional<IpAddress> public4; ///< none: IPv6 only
    bool hasInternet = true;
    bool isOpen6 = false; ///< lets questions in that nobody has asked for
    bool isMetered = false;
    bool isPortal = false;
    bool isLanCut = false; ///< silently: a switch is gone, or the access point isolates its clients
    bool isWanCut = false; ///< silently
    NetworkPrint print{};
    Time toCore{10'000}; ///< one way
    Time inLan{500};
    double loss = 0;
    Nat nat;
    std::set<std::pair<IpAddress, IpAddress>> flows6; ///< what the IPv6 firewall has seen leave
    std::set<IpAddress> strangers; ///< hosts that answer nothing
    std::optional<IpAddress> wormhole; ///< a host that passes everything on to the peer, through the internet
};

} // namespace sallyport::sim
