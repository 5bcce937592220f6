// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/socket.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

namespace sallyport::netlink {

/// The policy rules of both families, as far as `parse` gives a value for them, in the kernel's order within each.
template<class T, class Parse>
Result<std::vector<T>> dumpRules(Socket &socket, const QString &what, const Parse &parse)
{
    std::vector<T> all;
    for (const Family family : kFamilies) {
        Message request(RTM_GETRULE, 0);
        fib_rule_hdr filter{};
        filter.family = nativeFamily(family);
        request.append(filter);
        auto rules = collect<T>(socket, request, what, parse);
        if (!rules)
            return rules.error();
        all.insert(all.end(), rules->begin(), rules->end());
    }
    return all;
}

} // namespace sallyport::netlink
