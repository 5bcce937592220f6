// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/networks_in_sight.h"

#include <functional>

namespace sallyport {

/// A number below the bound.
using Dice = std::function<quint32(quint32 bound)>;

struct MeshPrefixes {
    Prefix ipv4;
    Prefix ipv6;

    bool operator==(const MeshPrefixes &) const = default;
};

/// A private IPv4 network of 254 devices and a unique local IPv6 network (RFC 4193) that nobody in sight uses. Chosen by
/// chance, so that two homes that meet one day differ.
MeshPrefixes proposePrefixes(const std::vector<SeenNetwork> &seen, const Dice &dice);

/// What a person typed, as a network that a home may have: private, and with room for two devices at least.
Result<Prefix> parseMeshPrefix(const QString &text, Family family);

/// Whose networks it would share numbers with.
std::vector<SeenNetwork> clashesOf(const Prefix &prefix, const std::vector<SeenNetwork> &seen);

} // namespace sallyport
