// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <QByteArray>

#include <chrono>
#include <optional>
#include <vector>

/// Questions for addresses and their answers, as bytes (RFC 1035). The answers come from a network: nothing in them is
/// believed that was not asked for.
namespace sallyport::mesh {

struct DnsQuestion {
    QByteArray name; ///< as in a message: labels with their lengths, lower case
    Family family = Family::IPv4; ///< A or AAAA

    bool operator==(const DnsQuestion &) const = default;
};

/// Nothing for a name that cannot be in a message.
std::optional<DnsQuestion> questionFor(const QString &name, Family family);

QByteArray encodeQuestion(const DnsQuestion &question, quint16 id);

struct DnsReply {
    enum class Kind {
        Addresses,
        Absent, ///< there is no such name, or it has no address of that family
        Truncated, ///< to be asked again over TCP
        Refused, ///< the server cannot or will not say
    };
    Kind kind = Kind::Refused;
    std::vector<IpAddress> addresses{}; ///< that somebody else than this machine can have; at most kMostAddresses
    std::chrono::seconds lifetime{0}; ///< of what was said, absence included

    bool operator==(const DnsReply &) const = default;
};

inline constexpr std::size_t kMostAddresses = 64;

/// Nothing for what is no answer to that question, or damaged.
std::optional<DnsReply> decodeReply(QByteArrayView bytes, const DnsQuestion &question, quint16 id);

} // namespace sallyport::mesh
