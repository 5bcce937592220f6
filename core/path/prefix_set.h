// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/prefix.h"

#include <map>
#include <vector>

namespace sallyport {

/// Is an address in any of many networks? Takes one look for each length that occurs, not one for each network.
class PrefixSet {
public:
    void insert(const Prefix &prefix);
    void sort(); ///< before the first contains()
    bool contains(const IpAddress &address) const;

private:
    std::map<std::pair<Family, quint8>, std::vector<IpAddress>> m_byLength;
};

} // namespace sallyport
