// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/foreign_rules.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/rule_dump.h"

#include <algorithm>
#include <tuple>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMost = 256;

ForeignRule::Action actionOf(int native)
{
    switch (native) {
    case FR_ACT_TO_TBL:
        return ForeignRule::Action::Lookup;
    case FR_ACT_BLACKHOLE:
    case FR_ACT_UNREACHABLE:
    case FR_ACT_PROHIBIT:
        return ForeignRule::Action::Refuse;
    default: // goto and nop, and what later kernels may bring
        return ForeignRule::Action::Other;
    }
}

struct Reader {
    ForeignRule rule;
    fib_rule_hdr header{};

    std::optional<Prefix> prefix(Bytes value, quint8 length) const
    {
        const auto address = addressOf(value);
        return address ? std::optional(Prefix::of(*address, length)) : std::nullopt;
    }

    /// Where a packet comes from and goes to.
    bool readSelector(int type, Bytes value)
    {
        switch (type) {
        case FRA_SRC:
            rule.source = prefix(value, header.src_len);
            return true;
        case FRA_DST:
            rule.destination = prefix(value, header.dst_len);
            return true;
        case FRA_IIFNAME:
            rule.inputDevice = textOf(value);
            return true;
        case FRA_OIFNAME:
            rule.outputDevice = textOf(value);
            return true;
        case FRA_FWMARK:
            rule.mark = valueOf<quint32>(value);
            return true;
        case FRA_FWMASK:
            rule.mask = valueOf<quint32>(value);
            return true;
        default: // not an enumeration
            return false;
        }
    }

    void read(int type, Bytes value)
    {
        switch (type) {
        case FRA_PRIORITY:
            rule.preference = valueOf<quint32>(value);
            break;
        case FRA_TABLE:
            rule.table = valueOf<quint32>(value);
            break;
        case FRA_PROTOCOL:
            rule.protocol = valueOf<quint8>(value);
            break;
        case FRA_SUPPRESS_PREFIXLEN:
            if (const auto length = valueOf<qint32>(value, -1); length >= 0)
                rule.suppressPrefixLength = static_cast<quint32>(length);
            break;
        case FRA_TUN_ID:
        case FRA_IP_PROTO:
        case FRA_SPORT_RANGE:
        case FRA_DPORT_RANGE:
        case FRA_UID_RANGE:
            rule.isNarrow = true;
            break;
        case FRA_L3MDEV: // which table it leads to depends on the packet's own interface
            rule.isNarrow = rule.isNarrow || valueOf<quint8>(value) != 0;
            break;
        default: // not an enumeration: an attribute of no interest
            (void)readSelector(type, value);
            break;
        }
    }
};

} // namespace

std::optional<ForeignRule> parseForeignRule(const nlmsghdr *message)
{
    const Bytes payload = payloadOf(message);
    const auto header = fixedHeader<fib_rule_hdr>(payload);
    const auto family = header ? familyOf(header->family) : std::nullopt;
    if (message->nlmsg_type != RTM_NEWRULE || !family)
        return std::nullopt;
    Reader reader;
    reader.header = *header;
    reader.rule.family = *family;
    reader.rule.action = actionOf(header->action);
    reader.rule.inverted = (header->flags & FIB_RULE_INVERT) != 0;
    reader.rule.isNarrow = header->tos != 0;
    reader.rule.table = header->table;
    visitAttributes(attributesAfter<fib_rule_hdr>(payload), [&](int type, Bytes value) { reader.read(type, value); });
    if (reader.rule.protocol == kRouteProtocol)
        return std::nullopt;
    if (reader.rule.action != ForeignRule::Action::Lookup)
        reader.rule.table = 0;
    return reader.rule;
}

Result<std::vector<ForeignRule>> foreignRules(Socket &socket)
{
    auto dumped = dumpRules<ForeignRule>(socket, u"Listing other programs' rules"_s, parseForeignRule);
    if (!dumped)
        return dumped;
    std::vector<ForeignRule> &all = *dumped;
    // Stable: among equal preferences the kernel looks at the older one first.
    std::ranges::stable_sort(all, {}, &ForeignRule::preference);
    if (all.size() > kMost) {
        // The kernel's own two at the end tell whether somebody flushed them.
        const auto isOwn = [](const ForeignRule &rule) { return rule.preference >= 32766; };
        const auto kept = all.begin() + kMost;
        all.erase(std::remove_if(kept, all.end(), [&](const ForeignRule &rule) { return !isOwn(rule); }), all.end());
    }
    return dumped;
}

} // namespace sallyport::netlink
