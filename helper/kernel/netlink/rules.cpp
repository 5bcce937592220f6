// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/rules.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/rule_dump.h"

#include <algorithm>
#include <cerrno>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

quint8 nativeAction(Rule::Action action)
{
    switch (action) {
    case Rule::Action::Lookup:
        return FR_ACT_TO_TBL;
    case Rule::Action::Unreachable:
        return FR_ACT_UNREACHABLE;
    }
    Q_UNREACHABLE();
}

std::optional<Rule::Action> actionOf(int native)
{
    for (const Rule::Action action : {Rule::Action::Lookup, Rule::Action::Unreachable}) {
        if (nativeAction(action) == native)
            return action;
    }
    return std::nullopt;
}

struct RawRule {
    fib_rule_hdr header{};
    Rule rule;
    quint32 mask = 0;
    quint8 protocol = 0;
};

void readAttribute(int type, Bytes value, RawRule &raw)
{
    switch (type) {
    case FRA_PRIORITY:
        raw.rule.preference = valueOf<quint32>(value);
        break;
    case FRA_FWMARK:
        raw.rule.mark = valueOf<quint32>(value);
        break;
    case FRA_FWMASK:
        raw.mask = valueOf<quint32>(value);
        break;
    case FRA_IIFNAME:
        raw.rule.inputDevice = textOf(value);
        break;
    case FRA_TABLE:
        raw.rule.table = valueOf<quint32>(value);
        break;
    case FRA_PROTOCOL:
        raw.protocol = valueOf<quint8>(value);
        break;
    default: // not an enumeration: an attribute of no interest
        break;
    }
}

Message requestFor(int type, int flags, const Rule &rule)
{
    Message message(type, flags);
    fib_rule_hdr header{};
    header.family = nativeFamily(rule.family);
    header.action = nativeAction(rule.action);
    message.append(header).put32(FRA_PRIORITY, rule.preference).put8(FRA_PROTOCOL, kRouteProtocol);
    if (rule.mark != 0)
        message.put32(FRA_FWMARK, rule.mark).put32(FRA_FWMASK, kMarkMask);
    if (!rule.inputDevice.isEmpty())
        message.putText(FRA_IIFNAME, rule.inputDevice);
    if (rule.action == Rule::Action::Lookup)
        message.put32(FRA_TABLE, rule.table);
    return message;
}

QString nameOf(const Rule &rule)
{
    return u"the %1 rule with preference %2"_s.arg(rule.family == Family::IPv4 ? u"IPv4"_s : u"IPv6"_s)
        .arg(rule.preference);
}

} // namespace

std::optional<Rule> parseRule(const nlmsghdr *message)
{
    const Bytes payload = payloadOf(message);
    const auto header = fixedHeader<fib_rule_hdr>(payload);
    if (message->nlmsg_type != RTM_NEWRULE || !header)
        return std::nullopt;
    RawRule raw;
    raw.rule.table = header->table;
    visitAttributes(
        attributesAfter<fib_rule_hdr>(payload), [&](int type, Bytes value) { readAttribute(type, value, raw); });
    const auto family = familyOf(header->family);
    const auto action = actionOf(header->action);
    // A rule that matches the mark under another mask is none that we would have made.
    const bool masked = raw.mask == (raw.rule.mark != 0 ? kMarkMask : 0);
    if (raw.protocol != kRouteProtocol || !family || !action || !masked)
        return std::nullopt;
    raw.rule.family = *family;
    raw.rule.action = *action;
    if (raw.rule.action != Rule::Action::Lookup)
        raw.rule.table = 0;
    return raw.rule;
}

Result<std::vector<Rule>> Rules::ours()
{
    auto all = dumpRules<Rule>(m_socket, u"Listing our rules"_s, parseRule);
    if (all)
        std::ranges::sort(*all);
    return all;
}

Result<Done> Rules::add(const Rule &rule)
{
    Message request = requestFor(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, rule);
    const Answer answer = m_socket.change(request);
    if (answer.errorNumber == EEXIST) {
        // The kernel does not compare FRA_PROTOCOL here: it may be somebody else's.
        const Result<std::vector<Rule>> present = ours();
        if (present && std::ranges::count(*present, rule) > 0)
            return Done{};
    }
    return answer.toResult(u"Adding "_s + nameOf(rule));
}

Result<Done> Rules::remove(const Rule &rule)
{
    Message request = requestFor(RTM_DELRULE, 0, rule);
    const Answer answer = m_socket.change(request);
    if (answer.errorNumber == ENOENT)
        return Done{};
    return answer.toResult(u"Deleting "_s + nameOf(rule));
}

} // namespace sallyport::netlink
