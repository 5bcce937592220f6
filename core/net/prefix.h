// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

namespace sallyport {

/// A network: address and length, all host bits zero.
class Prefix {
public:
    Prefix() = default; ///< 0.0.0.0/0

    /// `10.42.1.4` means /32, `fd00::1` means /128. Host bits are cleared, as WireGuard does; `hadHostBits` in
    /// InterfaceAddress keeps them where they matter.
    static Result<Prefix> parse(QStringView text);
    /// `length` beyond the family's size is clamped to it.
    static Prefix of(const IpAddress &address, quint8 length);
    static Prefix host(const IpAddress &address);
    static Prefix everything(Family family);

    const IpAddress &address() const noexcept { return m_address; }
    quint8 length() const noexcept { return m_length; }
    Family family() const noexcept { return m_address.family(); }
    bool contains(const IpAddress &address) const;
    bool contains(const Prefix &other) const;
    bool overlaps(const Prefix &other) const { return contains(other) || other.contains(*this); }
    /// A bare address for host prefixes, `address/length` otherwise.
    QString toString() const;
    QString toCidr() const;

    auto operator<=>(const Prefix &) const = default;

private:
    IpAddress m_address;
    quint8 m_length = 0;
};

/// An address of an interface together with the length of its network: `10.42.1.2/16`. Host bits kept.
struct InterfaceAddress {
    IpAddress address;
    quint8 length = 32;

    static Result<InterfaceAddress> parse(QStringView text);
    Prefix network() const { return Prefix::of(address, length); }
    QString toString() const;

    auto operator<=>(const InterfaceAddress &) const = default;
};

/// RFC 1918, link-local and unique local space: what may be called a local network. Never public addresses
/// (TunnelCrack, CVE-2023-36672).
bool isPrivate(const Prefix &prefix);

} // namespace sallyport
