// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/value.h"

#include <QByteArrayList>

#include <map>
#include <optional>
#include <variant>
#include <vector>

/// The part of nftables that the product writes, as values. Whatever the reader does not know is an error.
namespace sallyport::model::nft {

enum class Key {
    InputName,
    OutputName,
    Mark,
    FlowMark,
    FlowState,
    FlowDirection,
    NetworkProtocol,
    Protocol,
    User,
    Source4,
    Destination4,
    Source6,
    Destination6,
    SourcePort,
    DestinationPort,
    IcmpType,
    Icmp6Type,
    HopLimit6,
    SourceKind,
    DestinationKind,
    TcpFlags,
};

/// What a key asks of a packet before it can be read: `ip daddr` asks for IPv4, `udp dport` for UDP.
struct Field {
    Key key = Key::Mark;
    std::optional<Family> family;
    std::optional<quint8> protocol;
};

struct Interval {
    Value first;
    Value last;
};
/// One interval for each field of a concatenation; of one or two.
using Element = std::array<Interval, 2>;
inline constexpr std::size_t kMostFields = 2;

struct Set {
    std::vector<Key> types; ///< any key of the set's type
    std::vector<Element> elements;
};

struct Match {
    std::vector<Field> fields;
    std::optional<quint64> mask;
    bool negated = false;
    QByteArray set; ///< `elements` are a copy of its
    std::vector<Element> elements;
};
/// `meta mark set ct mark & keep | add`.
struct SetMark {
    bool ofFlow = false;
    bool fromFlow = false;
    quint32 keep = 0;
    quint32 add = 0;
};
struct Verdict {
    enum class Kind { Accept, Drop, Reject, Return, Jump, Goto };
    Kind kind = Kind::Accept;
    QByteArray chain;
};
using Statement = std::variant<Match, SetMark, Verdict>;
using Rule = std::vector<Statement>;

enum class Hook { Prerouting, Input, Forward, Output, Postrouting };

struct Base {
    Hook hook = Hook::Output;
    int priority = 0;
    bool reroutes = false; ///< `type route`
    bool accepts = true; ///< the policy
};
struct Chain {
    QByteArray name;
    std::optional<Base> base;
    std::vector<Rule> rules;
};
struct Table {
    QByteArray name;
    QByteArray comment;
    std::map<QByteArray, Set> sets;
    std::map<QByteArray, Chain> chains;
};

} // namespace sallyport::model::nft
