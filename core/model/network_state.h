// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/constants.h"
#include "core/key/secret_key.h"
#include "core/net/endpoint.h"
#include "core/net/prefix.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <compare>
#include <optional>
#include <vector>

/// The kernel objects that are ours, as values. Desired and observed state use the same types, so that they compare.
namespace sallyport {

struct Peer {
    PublicKey publicKey;
    SecretDigest presharedKey; ///< all zeroes: none
    std::optional<Endpoint> endpoint;
    std::vector<Prefix> allowedIps; ///< sorted, unique
    quint16 persistentKeepalive = 0; ///< seconds, 0 is off

    bool operator==(const Peer &) const = default;
};

/// What only an observed peer has.
struct PeerActivity {
    std::optional<std::chrono::seconds> handshakeAge; ///< none: no handshake yet
    quint64 receivedBytes = 0;
    quint64 sentBytes = 0;

    bool operator==(const PeerActivity &) const = default;
};

struct Route {
    enum class Kind : quint8 { Unicast, Throw, Unreachable };

    Family family = Family::IPv4;
    quint32 table = 0;
    Prefix destination;
    quint32 metric = 0; ///< 0 means the family's default when added
    Kind kind = Kind::Unicast;
    QString device; ///< only Unicast
    std::optional<IpAddress> source; ///< preferred source address

    std::strong_ordering operator<=>(const Route &) const = default;
};

struct Rule {
    enum class Action : quint8 { Lookup, Unreachable };

    Family family = Family::IPv4;
    quint32 preference = 0;
    quint32 mark = 0; ///< matched under kMarkMask; 0: any packet
    QString inputDevice; ///< empty: any
    Action action = Action::Lookup;
    quint32 table = 0; ///< only Lookup

    std::strong_ordering operator<=>(const Rule &) const = default;
};

/// One nftables table, always replaced as a whole. `text` is what `nft -f` reads; `version` is a hash of it that
/// travels in the table's comment, so that what is in force can be recognised.
struct Table {
    QString name; ///< in family inet
    QByteArray text;
    QString version;

    bool operator==(const Table &) const = default;
};

/// A kernel setting below /proc/sys/net: `ipv4/conf/all/src_valid_mark`.
struct Setting {
    QString path;
    QString value;

    std::strong_ordering operator<=>(const Setting &) const = default;
};

} // namespace sallyport
