// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <QByteArray>

#include <optional>
#include <span>
#include <sys/socket.h>

/// Addresses as sockets take and give them.
namespace sallyport::probe {

class NativeAddress {
public:
    /// `scopeId` only for IPv6.
    static NativeAddress of(const IpAddress &address, quint16 port, quint32 scopeId);

    const sockaddr *get() const { return reinterpret_cast<const sockaddr *>(&m_storage); }
    socklen_t size() const { return m_size; }

private:
    sockaddr_storage m_storage{};
    socklen_t m_size = 0;
};

/// A connected socket forgets its peer and its own address.
bool forgetPeer(int socket);
/// The address that the kernel chose for a connected socket of IPv4.
std::optional<IpAddress> ownAddress(int socket);

/// Where a datagram came from and how it arrived.
struct Arrival {
    IpAddress source;
    quint32 scopeId = 0; ///< of a link-local source
    std::optional<IpAddress> destination;
    quint32 interfaceIndex = 0;
};
/// The size of the datagram, which may be larger than the buffer; none: nothing is there.
std::optional<std::size_t> receiveWithPath(int socket, std::span<quint8> buffer, Arrival &arrival);
/// IPv6; `interfaceIndex` 0: whichever routing says.
bool sendThrough(int socket, const QByteArray &datagram, const NativeAddress &to, quint32 interfaceIndex);

} // namespace sallyport::probe
