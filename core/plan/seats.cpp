// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/seats.h"

#include <algorithm>

namespace sallyport {

namespace {

/// Preference 0 makes the kernel give all later rules without a preference 0 as well, in the wrong order; a little more
/// room is left for whoever has to come first of all.
constexpr quint32 kLowestSeat = 16;
constexpr quint32 kDistance = 20; ///< above the rule that captures; the block is 11 long
constexpr quint32 kBlock = 11;
constexpr quint32 kDefaultTable = 253;
constexpr quint32 kLocalTable = 255;

enum class Applies { Never, Sometimes, Always };

Applies selectorsApply(const ForeignRule &rule, quint32 mark)
{
    const bool ofThisMachine = rule.inputDevice.isEmpty() || rule.inputDevice == QLatin1String("lo");
    if (!ofThisMachine || !rule.outputDevice.isEmpty() || (mark & rule.mask) != (rule.mark & rule.mask))
        return Applies::Never;
    const auto limits = [](const std::optional<Prefix> &prefix) { return prefix && prefix->length() > 0; };
    return limits(rule.source) || limits(rule.destination) || rule.isNarrow ? Applies::Sometimes : Applies::Always;
}

bool applies(const ForeignRule &rule, quint32 mark)
{
    const Applies selectors = selectorsApply(rule, mark);
    return rule.inverted ? selectors != Applies::Always : selectors == Applies::Always;
}

bool isOrdinary(quint32 table)
{
    constexpr std::array kOrdinary = {kMainTable, kDefaultTable, kLocalTable, kHomeTable, kExitTable, kGatewayTable};
    return std::ranges::count(kOrdinary, table) > 0;
}

bool leadsAway(const ForeignRule &rule, const Others &others, const std::vector<Uplink> &uplinks)
{
    if (rule.action != ForeignRule::Action::Lookup)
        return rule.action == ForeignRule::Action::Refuse;
    if (isOrdinary(rule.table) || rule.suppressPrefixLength)
        return false;
    return std::ranges::any_of(others.defaults, [&](const ForeignDefault &each) {
        return each.family == rule.family && each.table == rule.table
            && std::ranges::find(uplinks, each.device, &Uplink::name) == uplinks.end();
    });
}

bool capturesAny(const ForeignRule &rule, const Others &others, const std::vector<Uplink> &uplinks)
{
    return captures(rule, 0, others, uplinks)
        || std::ranges::any_of(kMarks, [&](quint32 mark) { return captures(rule, mark, others, uplinks); });
}

Seats seatsFrom(quint32 first)
{
    constexpr quint32 kCount = kMarks.size();
    return {first, first + kCount, first + 2 * kCount, first + 2 * kCount + 1, first + 2 * kCount + 2};
}

quint32 seatOf(quint32 preference, const Seats &seats)
{
    constexpr quint32 kCount = kMarks.size();
    if (preference >= kUnderlayPreference && preference < kUnderlayPreference + kCount)
        return seats.underlay + (preference - kUnderlayPreference);
    if (preference >= kUnderlayStopPreference && preference < kUnderlayStopPreference + kCount)
        return seats.underlayStop + (preference - kUnderlayStopPreference);
    switch (preference) {
    case kHomePreference:
        return seats.home;
    case kGatewayPreference:
        return seats.gateway;
    case kGatewayStopPreference:
        return seats.gatewayStop;
    default: // a number, not an enumeration: the exit's rule stays
        return preference;
    }
}

} // namespace

bool captures(const ForeignRule &rule, quint32 mark, const Others &others, const std::vector<Uplink> &uplinks)
{
    return applies(rule, mark) && leadsAway(rule, others, uplinks);
}

Seats seatsAmong(const Others &others, const std::vector<Uplink> &uplinks)
{
    std::optional<quint32> first;
    for (const ForeignRule &rule : others.rules) {
        const bool before = rule.preference <= kGatewayStopPreference && rule.preference >= kLowestSeat + kBlock;
        if (before && capturesAny(rule, others, uplinks))
            first = std::min(first.value_or(rule.preference), rule.preference);
    }
    if (!first)
        return {};
    return seatsFrom(*first < kLowestSeat + kDistance ? kLowestSeat : *first - kDistance);
}

std::vector<Rule> seated(std::vector<Rule> rules, const Seats &seats)
{
    for (Rule &rule : rules)
        rule.preference = seatOf(rule.preference, seats);
    std::ranges::sort(rules);
    return rules;
}

} // namespace sallyport
