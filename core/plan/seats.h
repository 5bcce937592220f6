// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/constants.h"
#include "core/model/observed_state.h"

/// At which preferences our rules sit among those of others (docs/adr: seats of the rules).
namespace sallyport {

struct Seats {
    quint32 underlay = kUnderlayPreference; ///< four rules
    quint32 underlayStop = kUnderlayStopPreference; ///< four rules
    quint32 home = kHomePreference;
    quint32 gateway = kGatewayPreference;
    quint32 gatewayStop = kGatewayStopPreference;

    bool operator==(const Seats &) const = default;
};

/// Whether a packet with this mark (0: any other program's) to anywhere on the internet would follow the rule to a place
/// that is no physical network.
bool captures(const ForeignRule &rule, quint32 mark, const Others &others, const std::vector<Uplink> &uplinks);

/// The usual preferences, unless a rule of somebody else comes before them and would take our encrypted packets or what
/// is meant for home: then the whole block sits above the first such rule. A rule that leaves no room above it (below
/// preference 27) is not answered. The same for both families.
Seats seatsAmong(const Others &others, const std::vector<Uplink> &uplinks);

/// The rules of desiredRules(), each at its seat; sorted.
std::vector<Rule> seated(std::vector<Rule> rules, const Seats &seats);

} // namespace sallyport
