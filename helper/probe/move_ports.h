// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"
#include "core/plan/pin_table.h"

#include <memory>

/// What moving and trying endpoints needs of the machine.
namespace sallyport::probe {

/// What WireGuard says of one peer of home.
struct PeerReading {
    quint16 listenPort = 0; ///< of the interface
    PeerStats stats;
    std::vector<Prefix> allowedIps;
};

class PeerPort {
public:
    virtual ~PeerPort() = default;
    /// Empty: there is no such peer, or no interface.
    virtual Result<std::optional<PeerReading>> read(const PublicKey &peer) = 0;
    /// Of a peer that is there; never makes one.
    virtual Result<Done> setEndpoint(const PublicKey &peer, const Endpoint &endpoint) = 0;
};

class PinPort {
public:
    virtual ~PinPort() = default;
    /// Replaces the pins in force, all at once; none: nothing of them is left.
    virtual Result<Done> put(const std::vector<Pin> &pins) = 0;
};

/// How the kernel would send what WireGuard sends there.
struct LocalPath {
    IpAddress source;
    quint32 interfaceIndex = 0;

    bool operator==(const LocalPath &) const = default;
};

class RoutePort {
public:
    virtual ~RoutePort() = default;
    /// Empty: it would not send.
    virtual Result<std::optional<LocalPath>> pathTo(const Endpoint &endpoint) = 0;
};

/// Sends by the new path what WireGuard still sends by the old one, as long as it lives; those that wait at its end, too.
class Carriage {
public:
    virtual ~Carriage() = default;
    /// Of this machine, where the packets have to be brought.
    virtual quint16 port() const = 0;
};

class CarryPort {
public:
    virtual ~CarryPort() = default;
    /// Of packets of family `from`, sent by our port `listenPort`.
    virtual Result<std::unique_ptr<Carriage>> carry(Family from, const Endpoint &to, quint16 listenPort) = 0;
};

/// What a move needs.
struct MovePorts {
    PeerPort &peers;
    PinPort &pins;
    RoutePort &routes;
    CarryPort &carriers;
};

class EchoPort {
public:
    virtual ~EchoPort() = default;
    /// An echo request into the tunnel. Nobody reads the answer.
    virtual Result<Done> send(const IpAddress &to) = 0;
};

} // namespace sallyport::probe
