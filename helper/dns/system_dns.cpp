// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/system_dns.h"

#include "core/constants.h"
#include "helper/dns/resolv_text.h"
#include "helper/files/replace_file.h"

#include <QDir>
#include <QFileInfo>
#include <QLoggingCategory>

#include <algorithm>
#include <net/if.h>

namespace sallyport::dns {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcDns, "sallyport.dns")

constexpr qsizetype kLimit = 1024 * 1024;

const QStringList &ourLinks()
{
    static const QStringList names = {QLatin1StringView(kExitLink), QLatin1StringView(kHomeLink)};
    return names;
}

QString absoluteTarget(const QString &path)
{
    const QFileInfo file(path);
    if (!file.isSymbolicLink())
        return {};
    return QDir::cleanPath(file.symLinkTarget());
}

} // namespace

SystemDns::SystemDns(const QDBusConnection &bus, DnsPaths paths)
    : m_paths(std::move(paths)), m_resolved(bus), m_resolvconf(m_paths.resolvconf),
      m_file(m_paths.resolvConf, m_paths.backup)
{
    m_file.sweep();
}

ResolverFacts SystemDns::facts()
{
    ResolverFacts facts;
    facts.linkTarget = absoluteTarget(m_paths.resolvConf);
    const auto content = contentOf(m_paths.resolvConf, kLimit);
    if (content)
        facts.content = *content;
    else if (!std::exchange(m_told, true))
        qCWarning(lcDns, "%s", qUtf8Printable(content.error().detail));
    // Asked only where the answer matters.
    if (isResolvedFile(facts))
        facts.resolvedIsThere = m_resolved.isThere();
    if (isResolvconfFile(facts)) {
        facts.resolvconfTarget = QFileInfo(m_resolvconf.program()).canonicalFilePath();
        facts.resolvconfVersion = m_resolvconf.version();
    }
    return facts;
}

std::vector<LinkDns> SystemDns::linksIn(DnsWay way)
{
    std::vector<LinkDns> links;
    switch (way) {
    case DnsWay::None:
        break;
    case DnsWay::Resolved:
        for (const QString &name : ourLinks()) {
            const auto found = m_resolved.get(name);
            if (found && *found)
                links.push_back(**found);
        }
        break;
    case DnsWay::Openresolv:
    case DnsWay::DebianResolvconf:
        links = m_resolvconf.records();
        break;
    case DnsWay::File:
        links = m_resolvconf.records(); // from before the file was somebody else's
        if (const auto text = m_file.ours(); text && !text->isEmpty())
            links.push_back(readBack(*text).value_or(LinkDns()));
        break;
    }
    std::ranges::sort(links, {}, &LinkDns::link);
    return links;
}

ObservedDns SystemDns::observe()
{
    // A fight ends with what it was about, also if the other program has won it.
    if (!m_contested.isEmpty() && if_nametoindex(m_contested.toUtf8().constData()) == 0) {
        m_limit = {};
        m_contested.clear();
    }
    ObservedDns observed;
    observed.way = detectWay(facts());
    observed.links = linksIn(observed.way);
    const bool ownsEverything
        = std::ranges::any_of(observed.links, [](const LinkDns &each) { return each.routingDomains.contains(u"."_s); });
    if (observed.way == DnsWay::Resolved && ownsEverything)
        observed.rivals = m_resolved.rivals(ourLinks());
    return observed;
}

Result<Done> SystemDns::write(const std::vector<LinkDns> &wanted)
{
    switch (const DnsWay way = detectWay(facts())) {
    case DnsWay::None:
        break;
    case DnsWay::Resolved:
        return writeResolved(wanted);
    case DnsWay::Openresolv:
    case DnsWay::DebianResolvconf:
        return writeRecords(way, wanted);
    case DnsWay::File:
        return writeFile(wanted);
    }
    return Error{Errc::FeatureMissing, u"There is no way to set the system's resolver."_s, {}};
}

/// Whoever is to be asked less comes first: at no moment are two links asked for everything.
Result<Done> SystemDns::writeResolved(const std::vector<LinkDns> &wanted)
{
    for (const QString &name : ourLinks()) {
        const auto found = m_resolved.get(name);
        if (!found)
            return found.error();
        if (*found && std::ranges::find(wanted, **found) == wanted.end()) {
            if (auto reverted = m_resolved.revert(name); !reverted)
                return reverted;
        }
    }
    for (const LinkDns &each : wanted) {
        const auto found = m_resolved.get(each.link);
        if (found && *found == each)
            continue;
        if (auto set = m_resolved.set(each); !set)
            return set;
    }
    return Done{};
}

Result<Done> SystemDns::writeRecords(DnsWay way, const std::vector<LinkDns> &wanted)
{
    if (wanted.empty())
        m_limit = {};
    const std::vector<LinkDns> present = m_resolvconf.records();
    const auto now = RewriteLimit::Clock::now();
    for (const LinkDns &each : wanted) {
        if (std::ranges::find(present, each) != present.end())
            continue;
        if (!m_limit.mayWrite(now))
            return Error{Errc::StorageFailed, u"Another program keeps removing what resolvconf was told."_s, {}};
        m_limit.wrote(now);
        if (auto put = m_resolvconf.put(way, each); !put)
            return put;
    }
    for (const LinkDns &each : present) {
        if (std::ranges::find(wanted, each.link, &LinkDns::link) != wanted.end())
            continue;
        if (auto removed = m_resolvconf.remove(way, each.link); !removed)
            return removed;
    }
    return Done{};
}

Result<Done> SystemDns::writeFile(const std::vector<LinkDns> &wanted)
{
    const DnsWay former
        = m_resolvconf.version().startsWith("openresolv") ? DnsWay::Openresolv : DnsWay::DebianResolvconf;
    for (const LinkDns &record : m_resolvconf.records()) {
        if (auto removed = m_resolvconf.remove(former, record.link); !removed)
            return removed;
    }
    if (wanted.empty()) {
        m_limit = {};
        return m_file.restore();
    }
    const auto now = RewriteLimit::Clock::now();
    if (!m_limit.mayWrite(now))
        return Error{Errc::StorageFailed,
            u"Another program keeps rewriting %1; Sallyport leaves it alone for a minute."_s.arg(m_paths.resolvConf),
            {}};
    m_limit.wrote(now);
    m_contested = wanted.front().link;
    return m_file.put(textFor(wanted.front()));
}

} // namespace sallyport::dns
