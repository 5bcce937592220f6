// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/socket.h"

#include <map>

namespace sallyport::netlink {

/// A network interface as the kernel describes it.
struct Link {
    quint32 index = 0;
    QString name;
    quint32 group = 0;
    quint32 flags = 0; ///< IFF_…
    quint32 mtu = 0;
    quint32 master = 0; ///< index of the bridge, bond or VRF that it belongs to
    QString kind; ///< `wireguard`, `tun`, `veth`, …; empty for hardware
    QString masterKind; ///< what it belongs to: `bridge`, `bond`, `vrf`; empty for none

    bool operator==(const Link &) const = default;
};
using LinkNames = std::map<quint32, QString>;

LinkNames namesOf(const std::vector<Link> &links);
/// The index of an interface; 0 if there is none of that name.
quint32 linkIndex(const QString &name);
/// For an interface that has our name and is not ours.
Error nameTaken(const QString &name);

std::optional<Link> parseLink(const nlmsghdr *message);

/// Interfaces, over a NETLINK_ROUTE socket that outlives this.
class Links {
public:
    explicit Links(Socket &socket) : m_socket(socket) {}

    Result<std::vector<Link>> all();
    /// Empty: there is none of that name.
    Result<std::optional<Link>> find(const QString &name);
    /// A WireGuard link of the kernel, in kLinkGroup from its first moment on. The answer tells the reason of a
    /// refusal: EEXIST, or EOPNOTSUPP where the kernel has no WireGuard.
    Answer createWireGuard(const QString &name);
    /// Puts a link that this process made into kLinkGroup and keeps the kernel from giving it addresses.
    Result<Done> adopt(const QString &name);
    Result<Done> remove(const Link &link);
    Result<Done> setUp(const QString &name);
    Result<Done> setMtu(const QString &name, quint32 mtu);

private:
    Socket &m_socket;
};

} // namespace sallyport::netlink
