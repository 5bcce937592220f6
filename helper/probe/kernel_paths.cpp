// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/kernel_paths.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/raw_route.h"

#include <cerrno>

namespace sallyport::probe {

using namespace Qt::StringLiterals;
using netlink::Message;

namespace {

/// Every refusal of a lookup is an answer: no route, unreachable, prohibited, blackhole, no such interface, no IPv6.
bool saysNoPath(int errorNumber)
{
    constexpr std::array kRefusals
        = {ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, ENODEV, EAFNOSUPPORT, EOPNOTSUPP, ENETDOWN};
    return std::ranges::count(kRefusals, errorNumber) > 0;
}

Message questionFor(const Endpoint &endpoint)
{
    Message request(RTM_GETROUTE, 0);
    rtmsg header{};
    header.rtm_family = netlink::nativeFamily(endpoint.address.family());
    header.rtm_dst_len = endpoint.address.bitLength();
    request.append(header).putAddress(RTA_DST, endpoint.address).put32(RTA_MARK, kHomeMark);
    if (endpoint.scopeId != 0)
        request.put32(RTA_OIF, endpoint.scopeId);
    return request;
}

} // namespace

Result<std::optional<LocalPath>> KernelPaths::pathTo(const Endpoint &endpoint)
{
    Message request = questionFor(endpoint);
    std::optional<LocalPath> path;
    const Answer answer = m_socket.ask(request, [&](const nlmsghdr *message) {
        const auto route = netlink::parseRawRoute(message);
        if (route && route->header.rtm_type == RTN_UNICAST && route->source)
            path = LocalPath{*route->source, route->link};
    });
    if (saysNoPath(answer.errorNumber))
        return std::optional<LocalPath>{};
    if (Result<Done> done = answer.toResult(u"Asking for the way to "_s + endpoint.toString()); !done)
        return done.error();
    return path;
}

} // namespace sallyport::probe
