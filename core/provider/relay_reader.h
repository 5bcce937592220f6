// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/relay.h"
#include "core/wire/map_reader.h"

/// What the lists of all providers have in common. Refuses what could not be the peer of an exit.
namespace sallyport {

/// 1 to 63 letters, digits, hyphens and dots: it becomes the name of an exit.
QString hostnameFrom(const MapReader &reader, const char *key);
/// An address that packets can be sent to.
IpAddress addressFrom(const MapReader &reader, const char *key, Family family);
std::optional<IpAddress> optionalAddress6(const MapReader &reader, const char *key);
/// Pairs of ports, each from low to high.
std::vector<PortRange> portRangesFrom(const MapReader &reader, const char *key);

/// No name twice.
void checkRelays(const RelayList &list, Findings &findings);

} // namespace sallyport
