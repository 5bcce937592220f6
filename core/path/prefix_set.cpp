// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/prefix_set.h"

#include <algorithm>

namespace sallyport {

void PrefixSet::insert(const Prefix &prefix)
{
    m_byLength[{prefix.family(), prefix.length()}].push_back(prefix.address());
}

void PrefixSet::sort()
{
    for (auto &[length, addresses] : m_byLength)
        std::ranges::sort(addresses);
}

bool PrefixSet::contains(const IpAddress &address) const
{
    return std::ranges::any_of(m_byLength, [&](const auto &each) {
        const auto &[family, length] = each.first;
        return family == address.family()
            && std::ranges::binary_search(each.second, Prefix::of(address, length).address());
    });
}

} // namespace sallyport
