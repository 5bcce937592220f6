// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/dns.h"
#include "core/model/network_state.h"
#include "core/result.h"

#include <QStringList>

namespace sallyport {

struct DesiredPeer {
    Peer peer; ///< `peer.endpoint` is where it should be reached, if nothing better is known
    bool onLan = false; ///< `peer.endpoint` is on a network that we stand on: better than any other path
    std::vector<Endpoint> elsewhere; ///< configured endpoints on networks that we do not stand on; sorted
    bool isFollowed = false; ///< meshd looks for where it is reached; `peer.endpoint` only if there is none
    bool fixedEndpoint = false; ///< a provider's server never roams: any other endpoint is wrong
    QString presharedKeyName; ///< the secret's name, empty if none

    bool operator==(const DesiredPeer &) const = default;
};

struct DesiredLink {
    QString name;
    quint32 mtu = kMaximumMtu;
    std::vector<InterfaceAddress> addresses; ///< sorted
    QString privateKeyName;
    PublicKey publicKey; ///< of the private key, to compare with what the kernel has
    quint16 listenPort = 0; ///< 0: whatever the kernel chose
    quint32 mark = 0;
    std::vector<DesiredPeer> peers; ///< sorted by public key

    bool operator==(const DesiredLink &) const = default;
};

/// A line of the block in /etc/hosts.
struct HostName {
    IpAddress address;
    QStringList names;

    bool operator==(const HostName &) const = default;
};

/// Configuration and intent, translated into kernel objects. Complete: what is not in here is not wanted.
struct DesiredState {
    std::vector<DesiredLink> links;
    std::vector<Route> routes; ///< sorted
    std::vector<Rule> rules; ///< sorted
    std::vector<Table> tables; ///< the guard first
    std::vector<Setting> settings;
    std::vector<HostName> hosts;
    std::vector<LinkDns> dns; ///< sorted by link; at most one is asked for every name
    QByteArray bootGuard; ///< what `nft -f` loads at the next boot, before any network; empty: nothing
    std::optional<Error> missingHome; ///< why Home, which is wanted, is not in here
    std::optional<Error> missingExit; ///< why the exit that is wanted is not in here; the internet is refused instead

    bool operator==(const DesiredState &) const = default;
};

} // namespace sallyport
