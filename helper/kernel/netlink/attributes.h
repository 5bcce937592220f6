// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <cstring>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <optional>
#include <span>

/// Reading what the kernel sent. Everything is checked against its length: a truncated or oddly sized attribute counts
/// as absent.
namespace sallyport::netlink {

using Bytes = std::span<const quint8>;

/// Calls `visit(int type, Bytes value)` for each attribute, in order, up to the first that is damaged.
template<class Visit>
void visitAttributes(Bytes bytes, Visit &&visit)
{
    int remaining = static_cast<int>(bytes.size());
    // nla_ok looks only at `remaining` before it reads.
    const auto *attribute = reinterpret_cast<const nlattr *>(bytes.data());
    while (nla_ok(attribute, remaining)) {
        visit(nla_type(attribute),
            Bytes(static_cast<const quint8 *>(nla_data(attribute)), static_cast<std::size_t>(nla_len(attribute))));
        attribute = nla_next(attribute, &remaining);
    }
}

/// What follows nlmsghdr.
inline Bytes payloadOf(const nlmsghdr *message)
{
    return {static_cast<const quint8 *>(nlmsg_data(message)), static_cast<std::size_t>(nlmsg_datalen(message))};
}

/// The fixed header T at the start of the payload.
template<class T>
std::optional<T> fixedHeader(Bytes payload)
{
    if (payload.size() < sizeof(T))
        return std::nullopt;
    T header{};
    std::memcpy(&header, payload.data(), sizeof(T));
    return header;
}

template<class T>
Bytes attributesAfter(Bytes payload)
{
    return payload.subspan(std::min<std::size_t>(payload.size(), NLMSG_ALIGN(sizeof(T))));
}

/// The number or plain struct in `value`, `fallback` if it has another size.
template<class T>
T valueOf(Bytes value, T fallback = {})
{
    if (value.size() != sizeof(T))
        return fallback;
    std::memcpy(&fallback, value.data(), sizeof(T));
    return fallback;
}

inline QString textOf(Bytes value)
{
    const auto *text = reinterpret_cast<const char *>(value.data());
    return QString::fromUtf8(text, static_cast<qsizetype>(strnlen(text, value.size())));
}

inline std::optional<IpAddress> addressOf(Bytes value)
{
    if (value.size() == 4)
        return IpAddress::fromBytes(Family::IPv4, value);
    if (value.size() == 16)
        return IpAddress::fromBytes(Family::IPv6, value);
    return std::nullopt;
}

inline quint8 nativeFamily(Family family)
{
    return family == Family::IPv4 ? AF_INET : AF_INET6;
}

inline std::optional<Family> familyOf(int native)
{
    if (native == AF_INET)
        return Family::IPv4;
    if (native == AF_INET6)
        return Family::IPv6;
    return std::nullopt;
}

} // namespace sallyport::netlink
