// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/others/others_reader.h"

#include "helper/kernel/netlink/foreign_routes.h"
#include "helper/kernel/netlink/foreign_rules.h"
#include "helper/kernel/netlink/route_lookup.h"
#include "helper/kernel/others/networkd.h"

#include <algorithm>
#include <linux/if.h>

namespace sallyport::others {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostLinks = 64;
/// Addresses of documentation (RFC 5737, RFC 3849): nobody has routes of their own for them.
constexpr std::array kSomewhere = {"192.0.2.1", "2001:db8::1"};

std::vector<ForeignLink> foreignLinks(const std::vector<netlink::Link> &links, const std::vector<Uplink> &uplinks)
{
    std::vector<ForeignLink> found;
    for (const netlink::Link &link : links) {
        const bool counts = (link.flags & IFF_UP) != 0 && (link.flags & IFF_LOOPBACK) == 0 && link.group != kLinkGroup
            && link.masterKind.isEmpty() && std::ranges::find(uplinks, link.name, &Uplink::name) == uplinks.end();
        if (counts && found.size() < kMostLinks)
            found.push_back({link.name, link.kind});
    }
    std::ranges::sort(found, {}, &ForeignLink::name);
    return found;
}

bool isOursAndUp(const ObservedLink &link)
{
    return link.ours && link.up;
}

} // namespace

Result<std::vector<RouteAnswer>> OthersReader::answers(const ObservedState &observed, const netlink::LinkNames &names)
{
    std::vector<RouteAnswer> all;
    std::vector<quint32> marks;
    for (const ObservedLink &link : observed.links) {
        if (isOursAndUp(link) && link.mark != 0)
            marks.push_back(link.mark);
    }
    if (marks.empty()) // nothing of ours can be led astray
        return all;
    marks.push_back(0);
    for (const char *text : kSomewhere) {
        const auto somewhere = IpAddress::parse(QString::fromLatin1(text));
        for (const quint32 mark : marks) {
            const auto answer = netlink::routeAnswer(m_socket, *somewhere, mark, names);
            if (!answer)
                return answer.error();
            all.push_back(*answer);
        }
    }
    return all;
}

Result<Others> OthersReader::read(const std::vector<netlink::Link> &links, const ObservedState &observed)
{
    const netlink::LinkNames names = netlink::namesOf(links);
    Others others;
    others.links = foreignLinks(links, observed.uplinks);
    auto rules = netlink::foreignRules(m_socket);
    if (!rules)
        return rules.error();
    others.rules = *std::move(rules);
    auto defaults = netlink::foreignDefaults(m_socket, others.rules, names);
    if (!defaults)
        return defaults.error();
    others.defaults = *std::move(defaults);
    auto tables = m_tables.observe();
    if (!tables)
        return tables.error();
    others.tables = *std::move(tables);
    auto asked = answers(observed, names);
    if (!asked)
        return asked.error();
    others.answers = *std::move(asked);
    others.networkdDeletesRules = networkdDeletesRules();
    return others;
}

} // namespace sallyport::others
