// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/desired_state.h"
#include "core/model/others.h"

namespace sallyport {

enum class Backend { Kernel, Userspace };

struct ObservedPeer {
    Peer peer;
    PeerActivity activity;

    bool operator==(const ObservedPeer &) const = default;
};

struct ObservedLink {
    QString name;
    bool ours = false; ///< carries kLinkGroup and answers as a WireGuard device
    Backend backend = Backend::Kernel;
    bool up = false;
    quint32 mtu = 0;
    std::vector<InterfaceAddress> addresses; ///< sorted; without the kernel's own link-local ones
    PublicKey publicKey; ///< null: no private key set
    quint16 listenPort = 0;
    quint32 mark = 0;
    std::vector<ObservedPeer> peers; ///< sorted by public key
    quint32 index = 0;

    bool operator==(const ObservedLink &) const = default;
};

struct ObservedTable {
    QString name;
    QString version; ///< from the comment; empty: somebody else's text

    bool operator==(const ObservedTable &) const = default;
};

struct ObservedSetting {
    Setting setting; ///< the value in force
    bool changedByUs = false; ///< the journal holds the value from before

    bool operator==(const ObservedSetting &) const = default;
};

/// A physical network the machine stands on: an up, non-tunnel interface.
struct Uplink {
    QString name;
    quint32 mtu = 1500;
    bool hasDefaultRoute = false;
    std::vector<InterfaceAddress> addresses;
    quint32 index = 0;
    std::vector<IpAddress> gateways{}; ///< of the best default route of each family

    bool operator==(const Uplink &) const = default;
};

/// A link that is neither physical nor ours: a bridge for containers, another program's tunnel.
struct VirtualLink {
    QString name;
    std::vector<Prefix> networks; ///< of its own addresses; sorted

    bool operator==(const VirtualLink &) const = default;
};

/// What meshd has found out; nothing while it is not there.
struct MeshWord {
    bool isThere = false; ///< it chooses where the peers of home are reached
    std::vector<std::pair<PublicKey, quint32>> onLink; ///< peers that are proved to be on the network of that interface

    bool operator==(const MeshWord &) const = default;
};

/// Where the machine stands; nothing of it is ours.
struct Surroundings {
    std::vector<Uplink> uplinks; ///< sorted by name
    std::vector<VirtualLink> virtualLinks; ///< sorted by name
    MeshWord mesh{}; ///< not of the kernel: whoever plans adds it

    bool operator==(const Surroundings &) const = default;
};

/// What is, as far as it concerns us: our own (tagged) objects and the surroundings.
struct ObservedState : Surroundings {
    std::vector<ObservedLink> links; ///< those named sally-home or sally-exit, ours or not
    std::vector<Route> routes;
    std::vector<Rule> rules;
    std::vector<ObservedTable> tables;
    std::vector<ObservedSetting> settings;
    std::vector<HostName> hosts; ///< our block in /etc/hosts
    DnsWay dnsWay = DnsWay::None; ///< None: nobody looked, or it cannot be set here
    std::vector<LinkDns> dns; ///< what the system's resolver has of ours; sorted by link
    QStringList dnsRivals; ///< links of others that are asked for every name, too
    Others others; ///< of other programs, in the same kernel
    QByteArray bootGuard; ///< what closes the guard at the next boot; empty: nothing

    bool operator==(const ObservedState &) const = default;
};

} // namespace sallyport
