// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"

#include <variant>
#include <vector>

/// Operations: each is one acknowledged request to the kernel (or one atomic file change) and names everything it
/// needs. Secrets are named, never carried.
namespace sallyport {

/// Creates a WireGuard link in kLinkGroup; the kernel's, or a user-space one where the kernel has none.
struct CreateLink {
    QString name;
    bool operator==(const CreateLink &) const = default;
};
struct DeleteLink {
    QString name;
    bool operator==(const DeleteLink &) const = default;
};
struct SetLinkUp {
    QString name;
    bool operator==(const SetLinkUp &) const = default;
};
struct SetLinkMtu {
    QString name;
    quint32 mtu = 0;
    bool operator==(const SetLinkMtu &) const = default;
};

/// One peer inside ConfigureWireGuard. Unset fields stay as they are.
struct PeerChange {
    PublicKey publicKey;
    bool remove = false;
    bool updateOnly = false; ///< never creates the peer: a removal that won the race stays won
    std::optional<QString> presharedKeyName; ///< empty string: remove the preshared key
    std::optional<Endpoint> endpoint;
    std::optional<std::vector<Prefix>> allowedIps; ///< replaces all
    std::optional<quint16> persistentKeepalive;
    bool operator==(const PeerChange &) const = default;
};
/// One change request to a WireGuard device; sent as several messages when it does not fit into one.
struct ConfigureWireGuard {
    QString link;
    std::optional<QString> privateKeyName;
    std::optional<quint16> listenPort;
    std::optional<quint32> mark;
    bool replacePeers = false; ///< drops every peer (and session) that is not listed
    std::vector<PeerChange> peers;
    bool operator==(const ConfigureWireGuard &) const = default;
};

struct AddAddress {
    QString link;
    InterfaceAddress address;
    bool operator==(const AddAddress &) const = default;
};
struct DeleteAddress {
    QString link;
    InterfaceAddress address;
    bool operator==(const DeleteAddress &) const = default;
};
/// Adds a route, or replaces the one with the same family, table, destination and metric without a gap.
struct PutRoute {
    Route route;
    bool operator==(const PutRoute &) const = default;
};
struct DeleteRoute {
    Route route;
    bool operator==(const DeleteRoute &) const = default;
};
struct AddRule {
    Rule rule;
    bool operator==(const AddRule &) const = default;
};
struct DeleteRule {
    Rule rule;
    bool operator==(const DeleteRule &) const = default;
};
/// Replaces the whole table in one nftables transaction.
struct ReplaceTable {
    Table table;
    bool operator==(const ReplaceTable &) const = default;
};
struct DeleteTable {
    QString name;
    bool operator==(const DeleteTable &) const = default;
};
/// Drops the packets that the kernel still keeps because the next hop has not told its link-layer address yet: they have
/// passed every filter already and would leave after the guard was closed.
struct ForgetUnresolvedNeighbours {
    bool operator==(const ForgetUnresolvedNeighbours &) const = default;
};
/// Journals the value in force, then writes.
struct WriteSetting {
    Setting setting;
    bool operator==(const WriteSetting &) const = default;
};
/// Writes the journalled value back if ours is still in force, and forgets it.
struct RestoreSetting {
    QString path;
    bool operator==(const RestoreSetting &) const = default;
};
/// Replaces our block in /etc/hosts; empty removes it.
struct WriteHosts {
    std::vector<HostName> hosts;
    bool operator==(const WriteHosts &) const = default;
};

/// Replaces the file that closes the guard at the next boot, after the kernel has accepted its text; empty removes it.
struct WriteBootGuard {
    QByteArray text;
    bool operator==(const WriteBootGuard &) const = default;
};

/// Lets exactly these servers be asked through our links, and none without them; empty: as before us.
struct WriteDns {
    std::vector<LinkDns> dns;
    bool operator==(const WriteDns &) const = default;
};

using Operation = std::variant<CreateLink, DeleteLink, SetLinkUp, SetLinkMtu, ConfigureWireGuard, AddAddress,
    DeleteAddress, PutRoute, DeleteRoute, AddRule, DeleteRule, ReplaceTable, DeleteTable, ForgetUnresolvedNeighbours,
    WriteSetting, RestoreSetting, WriteHosts, WriteBootGuard, WriteDns>;

/// `now` makes the desired state true. `comfort` is done with it, but stops nothing when it is refused: names of
/// devices on a system whose hosts file cannot be written. `later` only frees resources (deleting a link waits for the kernel's RCU, see
/// real-kernel.md section 3) and may run after the answer was given.
struct Plan {
    std::vector<Operation> now;
    std::vector<Operation> comfort;
    std::vector<Operation> later;

    bool isEmpty() const { return now.empty() && comfort.empty() && later.empty(); }
    bool operator==(const Plan &) const = default;
};

/// One line for logs and errors: `add route default dev sally-exit table 2592`.
QString describe(const Operation &operation);

} // namespace sallyport
