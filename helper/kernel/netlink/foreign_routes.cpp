// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/foreign_routes.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/raw_route.h"

#include <algorithm>
#include <cerrno>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostTables = 32;

std::set<std::pair<Family, quint32>> tablesOf(const std::vector<ForeignRule> &rules)
{
    constexpr std::array<quint32, 7> kKnown
        = {RT_TABLE_UNSPEC, RT_TABLE_DEFAULT, RT_TABLE_MAIN, RT_TABLE_LOCAL, kHomeTable, kExitTable, kGatewayTable};
    std::set<std::pair<Family, quint32>> tables;
    for (const ForeignRule &rule : rules) {
        const bool known = std::ranges::count(kKnown, rule.table) > 0;
        if (rule.action == ForeignRule::Action::Lookup && !known && tables.size() < kMostTables)
            tables.emplace(rule.family, rule.table);
    }
    return tables;
}

QString nameOf(quint32 link, const LinkNames &names)
{
    const auto name = names.find(link);
    return name != names.end() ? name->second : u"?"_s;
}

/// Finds what covers everything: a default route, or the two halves that OpenVPN made a custom.
class DefaultFinder {
public:
    DefaultFinder(Family family, quint32 table, const LinkNames &names) : m_found{family, table, {}}, m_names(names) {}

    void visit(const nlmsghdr *message)
    {
        const auto route = parseRawRoute(message);
        if (!route || route->table != m_found.table || route->header.rtm_dst_len > 1)
            return;
        if (route->header.rtm_type != RTN_UNICAST && !refuses(*route))
            return;
        if (route->header.rtm_dst_len == 0 && m_metric && *m_metric <= route->metric)
            return;
        if (route->header.rtm_dst_len == 0)
            m_metric = route->metric;
        else
            (route->destination && (route->destination->bytes().front() & 0x80) ? m_upper : m_lower) = true;
        const quint32 link = route->link != 0 || route->nextHops.empty() ? route->link : *route->nextHops.begin();
        m_found.device = route->header.rtm_type == RTN_UNICAST ? nameOf(link, m_names) : QString();
    }

    void restart()
    {
        m_metric.reset();
        m_lower = m_upper = false;
    }

    std::optional<ForeignDefault> found() const
    {
        return m_metric || (m_lower && m_upper) ? std::optional(m_found) : std::nullopt;
    }

private:
    ForeignDefault m_found;
    const LinkNames &m_names;
    std::optional<quint32> m_metric; ///< of the default route that wins
    bool m_lower = false;
    bool m_upper = false;
};

} // namespace

Result<std::vector<ForeignDefault>> foreignDefaults(
    Socket &socket, const std::vector<ForeignRule> &rules, const LinkNames &names)
{
    std::vector<ForeignDefault> defaults;
    for (const auto &[family, table] : tablesOf(rules)) {
        Message request(RTM_GETROUTE, 0);
        rtmsg filter{};
        filter.rtm_family = nativeFamily(family);
        request.append(filter).put32(RTA_TABLE, table);
        DefaultFinder finder(family, table, names);
        const Answer answer = socket.dump(
            request, [&] { finder.restart(); }, [&](const nlmsghdr *message) { finder.visit(message); });
        if (answer.errorNumber == ENOENT) // the table does not exist before its first route
            continue;
        if (Result<Done> done = answer.toResult(u"Listing the routes of table %1"_s.arg(table)); !done)
            return done.error();
        if (const auto found = finder.found())
            defaults.push_back(*found);
    }
    return defaults;
}

} // namespace sallyport::netlink
