// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/nft_reader.h"

namespace sallyport::model::nft {

using namespace Qt::StringLiterals;

namespace {

struct Spelling {
    const char *first;
    const char *second; ///< none: the first word is all
    Field field;
};

constexpr Family k4 = Family::IPv4;
constexpr Family k6 = Family::IPv6;
const std::array kSpellings = {
    Spelling{"iifname", nullptr, {Key::InputName, {}, {}}},
    Spelling{"oifname", nullptr, {Key::OutputName, {}, {}}},
    Spelling{"meta", "iifname", {Key::InputName, {}, {}}},
    Spelling{"meta", "oifname", {Key::OutputName, {}, {}}},
    Spelling{"meta", "mark", {Key::Mark, {}, {}}},
    Spelling{"meta", "nfproto", {Key::NetworkProtocol, {}, {}}},
    Spelling{"meta", "l4proto", {Key::Protocol, {}, {}}},
    Spelling{"meta", "skuid", {Key::User, {}, {}}},
    Spelling{"ct", "mark", {Key::FlowMark, {}, {}}},
    Spelling{"ct", "state", {Key::FlowState, {}, {}}},
    Spelling{"ct", "direction", {Key::FlowDirection, {}, {}}},
    Spelling{"ip", "saddr", {Key::Source4, k4, {}}},
    Spelling{"ip", "daddr", {Key::Destination4, k4, {}}},
    Spelling{"ip", "protocol", {Key::Protocol, k4, {}}},
    Spelling{"ip6", "saddr", {Key::Source6, k6, {}}},
    Spelling{"ip6", "daddr", {Key::Destination6, k6, {}}},
    Spelling{"ip6", "hoplimit", {Key::HopLimit6, k6, {}}},
    Spelling{"udp", "sport", {Key::SourcePort, {}, 17}},
    Spelling{"udp", "dport", {Key::DestinationPort, {}, 17}},
    Spelling{"tcp", "sport", {Key::SourcePort, {}, 6}},
    Spelling{"tcp", "dport", {Key::DestinationPort, {}, 6}},
    Spelling{"tcp", "flags", {Key::TcpFlags, {}, 6}},
    Spelling{"th", "sport", {Key::SourcePort, {}, {}}},
    Spelling{"th", "dport", {Key::DestinationPort, {}, {}}},
    Spelling{"icmp", "type", {Key::IcmpType, {}, 1}},
    Spelling{"icmpv6", "type", {Key::Icmp6Type, {}, 58}},
};

Field readFib(Words &words)
{
    const bool ofSource = words.nextIs("saddr");
    if (!words.takeIf("saddr"))
        words.expect("daddr");
    words.expect("type");
    return {ofSource ? Key::SourceKind : Key::DestinationKind, {}, {}};
}

Field readField(Words &words)
{
    const QByteArray first = words.take();
    if (first == "fib")
        return readFib(words);
    for (const Spelling &spelling : kSpellings) {
        if (first == spelling.first && (!spelling.second || words.takeIf(spelling.second)))
            return spelling.field;
    }
    words.fail(u"unknown expression %1 %2"_s.arg(QString::fromUtf8(first), QString::fromUtf8(words.next())));
    return {};
}

quint64 readNumber(Words &words)
{
    bool ok = false;
    const quint64 number = words.next().toULongLong(&ok, 0);
    if (!ok)
        words.fail(u"%1 is no number"_s.arg(QString::fromUtf8(words.next())));
    else
        (void)words.take();
    return number;
}

/// `(syn|rst)` or a number.
quint64 readMask(Words &words, Key key)
{
    if (!words.takeIf("("))
        return readNumber(words);
    quint64 mask = 0;
    do {
        for (const Element &element : readElements(words, {key}))
            mask |= element.front().first.low;
    } while (words.takeIf("|"));
    words.expect(")");
    return mask;
}

/// After `meta mark set` or `ct mark set`.
SetMark readSetMark(Words &words, bool ofFlow)
{
    SetMark change;
    change.ofFlow = ofFlow;
    if (words.nextIs("ct") || words.nextIs("meta")) {
        change.fromFlow = words.take() == "ct";
        words.expect("mark");
        change.keep = words.takeIf("&") ? static_cast<quint32>(readNumber(words)) : 0xffffffff;
        change.add = words.takeIf("|") ? static_cast<quint32>(readNumber(words)) : 0;
    } else {
        change.add = static_cast<quint32>(readNumber(words));
    }
    return change;
}

Statement readMatch(Words &words)
{
    Match match;
    std::vector<Key> types;
    do {
        match.fields.push_back(readField(words));
        types.push_back(match.fields.back().key);
    } while (words.takeIf("."));
    const Key key = types.front();
    if ((key == Key::Mark || key == Key::FlowMark) && types.size() == 1 && words.takeIf("set"))
        return readSetMark(words, key == Key::FlowMark);
    if (words.takeIf("&"))
        match.mask = readMask(words, key);
    match.negated = words.takeIf("!=");
    if (!match.negated)
        (void)words.takeIf("==");
    if (words.next().startsWith('@')) {
        match.set = words.take().mid(1);
        return match;
    }
    const bool isList = words.nextIs("{");
    match.elements = readElements(words, types);
    // A bare list of states is a mask, not a set; the two agree only without a negation.
    if (!isList && match.elements.size() > 1 && (key != Key::FlowState || match.negated))
        words.fail(u"a list without braces"_s);
    return match;
}

/// After `reject with`: how a packet is refused changes nothing for the model, but it has to be known.
void skipReason(Words &words)
{
    if (words.takeIf("tcp"))
        return words.expect("reset");
    words.expect("icmpx");
    (void)words.takeIf("type");
    if (!words.takeIf("admin-prohibited") && !words.takeIf("port-unreachable"))
        words.fail(u"unknown reason of a rejection"_s);
}

std::optional<Statement> readVerdict(Words &words)
{
    using Kind = Verdict::Kind;
    if (words.takeIf("accept"))
        return Verdict{Kind::Accept, {}};
    if (words.takeIf("drop"))
        return Verdict{Kind::Drop, {}};
    if (words.takeIf("return"))
        return Verdict{Kind::Return, {}};
    if (words.takeIf("jump"))
        return Verdict{Kind::Jump, words.take()};
    if (words.takeIf("goto"))
        return Verdict{Kind::Goto, words.take()};
    if (!words.takeIf("reject"))
        return std::nullopt;
    if (words.takeIf("with"))
        skipReason(words);
    return Verdict{Kind::Reject, {}};
}

/// Changes the size of segments only: no packet goes elsewhere for it.
bool skipSegmentSize(Words &words)
{
    if (!words.takeIf("option"))
        return false;
    for (const char *word : {"maxseg", "size", "set", "rt", "mtu"})
        words.expect(word);
    return true;
}

} // namespace

Rule readRule(Words &words)
{
    Rule rule;
    while (!words.failed() && !words.nextIs("\n") && !words.nextIs("}")) {
        if (words.takeIf("counter"))
            continue;
        if (auto verdict = readVerdict(words)) {
            rule.push_back(*std::move(verdict));
            continue;
        }
        if (words.nextIs("tcp")) {
            Words ahead = words;
            (void)ahead.take();
            if (skipSegmentSize(ahead)) {
                words = ahead;
                continue;
            }
        }
        rule.push_back(readMatch(words));
    }
    return rule;
}

} // namespace sallyport::model::nft
