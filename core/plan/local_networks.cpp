// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/local_networks.h"

#include <algorithm>

namespace sallyport {

namespace {

constexpr quint8 kLargestLan4 = 16;
constexpr quint8 kLargestLan6 = 48;

} // namespace

bool isAllowedLan(const Prefix &network)
{
    const quint8 largest = network.family() == Family::IPv4 ? kLargestLan4 : kLargestLan6;
    return isPrivate(network) && network.length() >= largest && network.length() < network.address().bitLength();
}

std::vector<Prefix> allowedLans(const std::vector<Uplink> &uplinks)
{
    std::vector<Prefix> networks;
    for (const Uplink &uplink : uplinks) {
        for (const InterfaceAddress &own : uplink.addresses) {
            if (isAllowedLan(own.network()) && !own.address.isLinkLocal())
                networks.push_back(own.network());
        }
    }
    std::ranges::sort(networks);
    networks.erase(std::ranges::unique(networks).begin(), networks.end());
    return networks;
}

} // namespace sallyport
