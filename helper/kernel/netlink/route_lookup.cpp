// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/route_lookup.h"

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/raw_route.h"

#include <algorithm>
#include <cerrno>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostPaths = 64;

/// None: refused.
Result<std::optional<RawRoute>> routeTo(Socket &socket, const IpAddress &destination, quint32 mark)
{
    std::optional<RawRoute> route;
    Message request(RTM_GETROUTE, 0);
    rtmsg header{};
    header.rtm_family = nativeFamily(destination.family());
    header.rtm_dst_len = destination.bitLength();
    request.append(header).putAddress(RTA_DST, destination);
    if (mark != 0)
        request.put32(RTA_MARK, mark);
    const Answer answer = socket.ask(request, [&](const nlmsghdr *message) {
        route = parseRawRoute(message);
        if (route && refuses(*route))
            route.reset();
    });
    // Every refusal of a lookup is an answer too: no route, unreachable, prohibited, blackhole; no IPv6 at all.
    constexpr std::array kRefusals = {ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, EAFNOSUPPORT, EOPNOTSUPP};
    if (std::ranges::count(kRefusals, answer.errorNumber) > 0)
        return std::optional<RawRoute>();
    if (Result<Done> done = answer.toResult(u"Asking for the route to "_s + destination.toString()); !done)
        return done.error();
    return route;
}

/// In no order that matters; each once.
std::vector<UnderlayPath> questionsAbout(const std::vector<ObservedLink> &tunnels)
{
    std::vector<UnderlayPath> questions;
    for (const ObservedLink &tunnel : tunnels) {
        if (!tunnel.ours || !tunnel.up || tunnel.mark == 0)
            continue;
        for (const ObservedPeer &each : tunnel.peers) {
            if (!each.peer.endpoint || questions.size() >= kMostPaths)
                continue;
            const UnderlayPath question{tunnel.mark, each.peer.endpoint->address, 0};
            if (std::ranges::find(questions, question) == questions.end())
                questions.push_back(question);
        }
    }
    return questions;
}

} // namespace

Result<RouteAnswer> routeAnswer(Socket &socket, const IpAddress &destination, quint32 mark, const LinkNames &names)
{
    const auto route = routeTo(socket, destination, mark);
    if (!route)
        return route.error();
    RouteAnswer answer{destination.family(), mark, {}};
    if (*route) {
        const auto name = names.find((*route)->link);
        answer.device = name != names.end() ? name->second : u"?"_s;
    }
    return answer;
}

Result<std::vector<UnderlayPath>> underlayPaths(
    Socket &socket, const std::vector<ObservedLink> &tunnels, const std::vector<Link> &links)
{
    std::vector<UnderlayPath> paths;
    for (UnderlayPath path : questionsAbout(tunnels)) {
        const auto route = routeTo(socket, path.destination, path.mark);
        if (!route)
            return route.error();
        if (!*route)
            continue;
        const auto link = std::ranges::find(links, (*route)->link, &Link::index);
        const quint32 own = link != links.end() ? link->mtu : 0;
        const quint32 told = (*route)->mtu; // by the route, or by a router that a packet was too large for
        path.mtu = own == 0 || told == 0 ? std::max(own, told) : std::min(own, told);
        if (path.mtu != 0)
            paths.push_back(path);
    }
    return paths;
}

} // namespace sallyport::netlink
