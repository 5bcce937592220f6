// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/network_print.h"

#include "core/probe/short_hash.h"

#include <algorithm>

namespace sallyport {

namespace {

constexpr std::string_view kLabel = "sallyport network print v1";

} // namespace

NetworkPrint networkPrintOf(std::span<const quint8> gatewayAddress, const Prefix &prefix)
{
    if (std::ranges::all_of(gatewayAddress, [](quint8 byte) { return byte == 0; }))
        return {};
    // Nothing varies in length before the last part: two networks never make one row of bytes.
    const std::array<quint8, 2> kind{prefix.address().bitLength(), prefix.length()};
    return shortHash({}, {bytesOf(kLabel), kind, prefix.address().bytes(), gatewayAddress});
}

} // namespace sallyport
