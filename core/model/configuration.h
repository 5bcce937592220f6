// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"
#include "core/net/endpoint.h"
#include "core/net/prefix.h"

#include <QStringList>

#include <optional>
#include <variant>
#include <vector>

/// What exists: the configuration file of design section 6, as values. Secrets are never part of it; where the file
/// names a key file the name is kept as a label and no program but the command line opens it.
namespace sallyport {

enum class EndpointScope { Any, Lan, Public };

/// One place where a device may be reached. `resolved` are the last known addresses of a DNS name.
struct Candidate {
    HostEndpoint endpoint;
    EndpointScope scope = EndpointScope::Any;
    std::vector<IpAddress> resolved;

    bool operator==(const Candidate &) const = default;
};

struct Device {
    QString name;
    QStringList aliases;
    std::vector<Prefix> addresses; ///< in the mesh; mostly host prefixes
    PublicKey publicKey;
    std::vector<Candidate> endpoints; ///< in order of preference
    std::vector<Prefix> routes; ///< networks behind it
    bool offersExit = false;
    quint16 persistentKeepalive = 0; ///< seconds, 0 is off
    bool hasPresharedKey = false;
    QString presharedKeyFile;

    bool operator==(const Device &) const = default;
};

struct Home {
    QString name;
    QString device; ///< this machine's own name
    std::vector<InterfaceAddress> addresses;
    quint16 listenPort = 0; ///< 0: the kernel chooses
    QString domain;
    QString privateKeyFile;
    std::vector<IpAddress> dns; ///< servers at home, from an imported file
    quint16 mtu = 0; ///< 0: from the path
    std::vector<Device> devices; ///< may list this machine; it is skipped

    bool operator==(const Home &) const = default;
};

struct ExitPeer {
    PublicKey publicKey;
    HostEndpoint endpoint;
    std::vector<IpAddress> resolved;
    std::vector<Prefix> allowedIps; ///< empty: everything
    quint16 persistentKeepalive = 25;
    bool hasPresharedKey = false;
    QString presharedKeyFile;

    bool operator==(const ExitPeer &) const = default;
};

/// A WireGuard provider, or any `.conf`: an interface of its own.
struct ProviderExit {
    QString provider;
    std::vector<InterfaceAddress> addresses;
    QString privateKeyFile;
    ExitPeer peer;
    std::vector<IpAddress> dns;
    QStringList searchDomains;
    quint16 listenPort = 0;
    quint16 mtu = 0;

    bool operator==(const ProviderExit &) const = default;
};

/// One of the home devices forwards for us.
struct DeviceExit {
    QString device;

    bool operator==(const DeviceExit &) const = default;
};

struct Exit {
    QString name;
    std::variant<ProviderExit, DeviceExit> way;

    bool operator==(const Exit &) const = default;
};

struct Policy {
    bool allowLan = true; ///< devices of the local network stay reachable while Exit is on
    QString exitDns = QStringLiteral("provider");

    bool operator==(const Policy &) const = default;
};

struct Gateway {
    bool serve = false;

    bool operator==(const Gateway &) const = default;
};

struct Configuration {
    std::optional<Home> home;
    std::vector<Exit> exits;
    Policy policy;
    Gateway gateway;

    bool operator==(const Configuration &) const = default;
};

/// The devices that are peers: all but this machine itself.
std::vector<const Device *> peersOf(const Home &home);
const Device *findDevice(const Home &home, const QString &nameOrAlias);
/// Is it inside the mesh, as seen from an endpoint of `device`? Encrypted packets are never sent into what they carry.
bool isInMesh(const Home &home, const Device &device, const IpAddress &address);
const Exit *findExit(const Configuration &configuration, const QString &name);

/// Names under which secrets travel and are kept: `home`, `home/psk/<device>`, `exit/<name>`, `exit/<name>/psk`.
QString homeSecretName();
QString devicePskName(const QString &device);
QString exitSecretName(const QString &exit);
QString exitPskName(const QString &exit);
bool isPresharedKeyName(const QString &secret);
/// Every secret that the configuration needs.
QStringList secretNames(const Configuration &configuration);

} // namespace sallyport
