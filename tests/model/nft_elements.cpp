// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/net/prefix.h"
#include "tests/model/nft_reader.h"

#include <algorithm>
#include <span>

namespace sallyport::model::nft {

using namespace Qt::StringLiterals;

namespace {

struct Word {
    const char *text;
    quint64 number;
};

constexpr std::array kStates = {Word{"established", 2}, Word{"related", 4}, Word{"new", 8}, Word{"invalid", 1}};
constexpr std::array kDirections = {Word{"original", 0}, Word{"reply", 1}};
constexpr std::array kNetworkProtocols = {Word{"ipv4", 2}, Word{"ipv6", 10}};
constexpr std::array kProtocols
    = {Word{"icmp", 1}, Word{"tcp", 6}, Word{"udp", 17}, Word{"icmpv6", 58}, Word{"ipv6-icmp", 58}, Word{"igmp", 2}};
// rtm_type of linux/rtnetlink.h
constexpr std::array kKinds = {Word{"unicast", 1}, Word{"local", 2}, Word{"broadcast", 3}, Word{"multicast", 5}};
// RFC 792
constexpr std::array kIcmp = {Word{"echo-reply", 0}, Word{"destination-unreachable", 3}, Word{"echo-request", 8},
    Word{"time-exceeded", 11}, Word{"parameter-problem", 12}};
// RFC 4443, 4861, 2710, 3810
constexpr std::array kIcmp6 = {Word{"destination-unreachable", 1}, Word{"packet-too-big", 2}, Word{"time-exceeded", 3},
    Word{"parameter-problem", 4}, Word{"echo-request", 128}, Word{"echo-reply", 129}, Word{"mld-listener-query", 130},
    Word{"mld-listener-report", 131}, Word{"mld-listener-done", 132}, Word{"mld-listener-reduction", 132},
    Word{"nd-router-solicit", 133}, Word{"nd-router-advert", 134}, Word{"nd-neighbor-solicit", 135},
    Word{"nd-neighbor-advert", 136}, Word{"nd-redirect", 137}, Word{"mld2-listener-report", 143}};
constexpr std::array kTcpFlags = {Word{"fin", 1}, Word{"syn", 2}, Word{"rst", 4}, Word{"psh", 8}, Word{"ack", 16}};

std::span<const Word> wordsOf(Key key)
{
    switch (key) {
    case Key::FlowState:
        return kStates;
    case Key::FlowDirection:
        return kDirections;
    case Key::NetworkProtocol:
        return kNetworkProtocols;
    case Key::Protocol:
        return kProtocols;
    case Key::SourceKind:
    case Key::DestinationKind:
        return kKinds;
    case Key::IcmpType:
        return kIcmp;
    case Key::Icmp6Type:
        return kIcmp6;
    case Key::TcpFlags:
        return kTcpFlags;
    case Key::InputName:
    case Key::OutputName:
    case Key::Mark:
    case Key::FlowMark:
    case Key::User:
    case Key::Source4:
    case Key::Destination4:
    case Key::Source6:
    case Key::Destination6:
    case Key::SourcePort:
    case Key::DestinationPort:
    case Key::HopLimit6:
        return {};
    }
    return {};
}

std::optional<Value> numberOf(const QByteArray &word, Key key)
{
    for (const Word &known : wordsOf(key)) {
        if (word == known.text)
            return Value::of(known.number);
    }
    bool ok = false;
    const quint64 number = word.toULongLong(&ok, 0);
    return ok ? std::optional(Value::of(number)) : std::nullopt;
}

std::optional<Interval> nameInterval(QByteArray word)
{
    if (word.startsWith('"'))
        word = word.mid(1, word.size() - 2);
    const bool isPattern = word.endsWith('*');
    if (isPattern)
        word.chop(1);
    if (word.isEmpty() || word.size() > 15 || word.contains('*'))
        return std::nullopt;
    const Value first = Value::of(Name::of(QString::fromLatin1(word)));
    if (!isPattern)
        return Interval{first, first};
    Name last = Name::of(QString::fromLatin1(word));
    std::fill(last.letters.begin() + word.size(), last.letters.end(), '\xff');
    return Interval{first, Value::of(last)};
}

std::optional<Interval> addressInterval(const QByteArray &word, Family family)
{
    const qsizetype dash = word.indexOf('-');
    if (dash > 0) {
        const auto first = IpAddress::parse(QString::fromLatin1(word.left(dash)));
        const auto last = IpAddress::parse(QString::fromLatin1(word.mid(dash + 1)));
        if (!first || !last || first->family() != family || last->family() != family)
            return std::nullopt;
        return Interval{Value::of(*first), Value::of(*last)};
    }
    const auto prefix = Prefix::parse(QString::fromLatin1(word));
    if (!prefix || prefix->family() != family)
        return std::nullopt;
    std::array<quint8, 16> last{};
    const auto bytes = prefix->address().bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int fixed = std::clamp(prefix->length() - static_cast<int>(8 * i), 0, 8);
        last[i] = static_cast<quint8>(bytes[i] | (0xff >> fixed));
    }
    return Interval{Value::of(prefix->address()), Value::of(IpAddress::fromBytes(family, {last.data(), bytes.size()}))};
}

std::optional<Interval> numberInterval(const QByteArray &word, Key key)
{
    if (const auto number = numberOf(word, key))
        return Interval{*number, *number};
    const qsizetype dash = word.indexOf('-');
    const auto first = numberOf(word.left(dash), key);
    const auto last = numberOf(word.mid(dash + 1), key);
    return dash > 0 && first && last ? std::optional(Interval{*first, *last}) : std::nullopt;
}

std::optional<Interval> intervalOf(const QByteArray &word, Key key)
{
    switch (key) {
    case Key::InputName:
    case Key::OutputName:
        return nameInterval(word);
    case Key::Source4:
    case Key::Destination4:
        return addressInterval(word, Family::IPv4);
    case Key::Source6:
    case Key::Destination6:
        return addressInterval(word, Family::IPv6);
    case Key::Mark:
    case Key::FlowMark:
    case Key::FlowState:
    case Key::FlowDirection:
    case Key::NetworkProtocol:
    case Key::Protocol:
    case Key::User:
    case Key::SourcePort:
    case Key::DestinationPort:
    case Key::IcmpType:
    case Key::Icmp6Type:
    case Key::HopLimit6:
    case Key::SourceKind:
    case Key::DestinationKind:
    case Key::TcpFlags:
        return numberInterval(word, key);
    }
    return std::nullopt;
}

Element readElement(Words &words, const std::vector<Key> &types)
{
    Element element;
    if (types.size() > kMostFields)
        words.fail(u"more than two fields joined"_s);
    for (std::size_t i = 0; i < types.size() && !words.failed(); ++i) {
        if (i > 0)
            words.expect(".");
        const QByteArray word = words.next();
        const auto interval = intervalOf(word, types[i]);
        if (!interval)
            words.fail(u"unknown value %1"_s.arg(QString::fromUtf8(word)));
        else
            (void)words.take();
        element.at(i) = interval.value_or(Interval{});
    }
    return element;
}

} // namespace

std::vector<Element> readElements(Words &words, const std::vector<Key> &types)
{
    const bool isList = words.takeIf("{");
    std::vector<Element> elements;
    do {
        words.skipLines();
        if (isList && words.nextIs("}"))
            break;
        elements.push_back(readElement(words, types));
        if (isList)
            words.skipLines();
    } while (words.takeIf(","));
    if (isList)
        words.expect("}");
    return elements;
}

} // namespace sallyport::model::nft
