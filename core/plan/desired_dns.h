// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/dns.h"
#include "core/model/intent.h"
#include "core/model/observed_state.h"

#include <algorithm>

namespace sallyport {

/// Who is to be asked for which names, sorted by link. At most one link has the routing domain `.`: with two,
/// systemd-resolved asks both at the same time, and one of them is a leak.
std::vector<LinkDns> desiredDns(const Configuration &configuration, const Intent &intent);

/// The part of it that can be had by this way. Only systemd-resolved can ask per domain, and with TLS; a server that was
/// to be asked with TLS is never asked without.
std::vector<LinkDns> carriedDns(const std::vector<LinkDns> &wanted, DnsWay way);

/// What of it goes through one of these links; the others could not be made.
template<class Link>
std::vector<LinkDns> dnsThrough(const std::vector<Link> &links, std::vector<LinkDns> dns)
{
    std::erase_if(
        dns, [&](const LinkDns &each) { return std::ranges::find(links, each.link, &Link::name) == links.end(); });
    return dns;
}

/// The one that is asked for every name, if there is one.
const LinkDns *ownerOfEverything(const std::vector<LinkDns> &dns);

/// The servers that the provider itself offers and that are to be asked. A local network may use the same addresses.
std::vector<IpAddress> resolversOfExit(const Configuration &configuration, const Intent &intent);

bool dnsIsAsWanted(const Configuration &configuration, const Intent &intent, const ObservedState &observed);

} // namespace sallyport
