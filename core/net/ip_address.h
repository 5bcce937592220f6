// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

#include <array>
#include <compare>
#include <span>

namespace sallyport {

enum class Family : quint8 { IPv4, IPv6 };
inline constexpr std::array kFamilies = {Family::IPv4, Family::IPv6};

/// A numeric IPv4 or IPv6 address in network byte order. No names, no scope.
class IpAddress {
public:
    IpAddress() = default; ///< 0.0.0.0

    static Result<IpAddress> parse(QStringView text);
    /// `bytes` has 4 or 16 elements.
    static IpAddress fromBytes(Family family, std::span<const quint8> bytes);
    static IpAddress any(Family family);

    Family family() const noexcept { return m_family; }
    std::span<const quint8> bytes() const noexcept { return {m_bytes.data(), size()}; }
    std::size_t size() const noexcept { return m_family == Family::IPv4 ? 4 : 16; }
    quint8 bitLength() const noexcept { return m_family == Family::IPv4 ? 32 : 128; }
    bool isUnspecified() const noexcept;
    bool isLoopback() const noexcept;
    bool isMulticast() const noexcept;
    bool isLinkLocal() const noexcept;
    QString toString() const;

    auto operator<=>(const IpAddress &) const = default;

private:
    Family m_family = Family::IPv4;
    std::array<quint8, 16> m_bytes{};
};

} // namespace sallyport
