// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/why.h"

#include "core/constants.h"
#include "core/plan/programs.h"
#include "core/present/ways.h"
#include "core/present/why_walk.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString tableText(quint32 table)
{
    switch (table) {
    case kHomeTable:
        return u"Sallyport's table %1 for Home"_s.arg(table);
    case kExitTable:
        return u"Sallyport's table %1 for Exit"_s.arg(table);
    case kMainTable:
        return u"the main table"_s;
    default:
        return u"table %1"_s.arg(table);
    }
}

QString listed(const std::vector<IpAddress> &addresses)
{
    constexpr std::size_t kShown = 4;
    QStringList texts;
    for (const IpAddress &address : addresses) {
        if (texts.size() < qsizetype(kShown))
            texts += address.toString();
    }
    const QString more = addresses.size() > kShown ? u" and %1 more"_s.arg(addresses.size() - kShown) : QString();
    return texts.join(u", "_s) + more;
}

/// A name that was asked for has to lead programs on this machine to where we look.
void walkName(Walk &walk, const Device *device)
{
    const WhyFacts &facts = walk.facts;
    if (!facts.isName)
        return;
    const bool leadsThere = facts.address && std::ranges::find(facts.resolved, *facts.address) != facts.resolved.end();
    if (leadsThere)
        return walk.good(u"name"_s, u"The name %1 leads to %2."_s.arg(facts.host, listed(facts.resolved)));
    if (!device)
        return walk.bad(u"name"_s, u"No address is known for the name %1."_s.arg(facts.host),
            u"Check the spelling of %1, or see `sally doctor` for who answers for names."_s.arg(facts.host));
    if (!facts.snapshot.home.enabled)
        return; // its name is known while Home is on
    const QString found = facts.resolved.empty() ? u"to nothing"_s : u"to "_s + listed(facts.resolved);
    walk.bad(u"name"_s, u"The name %1 leads %2 on this machine, not to %3."_s.arg(facts.host, found, walk.address()),
        u"Use the address %1, or look into /etc/hosts for why the name is not found there."_s.arg(walk.address()));
}

bool isOwn(const Home &home, const IpAddress &address)
{
    return std::ranges::find(home.addresses, address, &InterfaceAddress::address) != home.addresses.end();
}

bool isInside(const Home &home, const IpAddress &address)
{
    return std::ranges::any_of(
        home.addresses, [&](const InterfaceAddress &own) { return own.network().contains(address); });
}

void walkFurther(Walk &walk, const Device *device)
{
    const WhyFacts &facts = walk.facts;
    if (!facts.address)
        return;
    const auto &home = facts.configuration.home;
    const bool isOurs = home && isOwn(*home, *facts.address);
    if (isOurs || facts.route.kind == RouteFact::Kind::OwnAddress)
        return walk.good(u"route"_s, u"%1 is this machine itself."_s.arg(walk.address()));
    if (device)
        return walkMesh(walk, *device);
    if (home && isInside(*home, *facts.address))
        return walk.bad(u"device"_s, u"No device of Home has the address %1."_s.arg(walk.address()),
            u"Take an address that `sally device list` shows, or add the device with `sally device add`."_s);
    walkOutside(walk);
}

} // namespace

void Walk::good(const QString &step, const QString &sentence, const QStringList &details)
{
    m_statements.push_back({step, Statement::Verdict::Good, sentence, {}, details});
}

void Walk::bad(const QString &step, const QString &sentence, const QString &advice, const QStringList &details)
{
    m_statements.push_back({step, Statement::Verdict::Bad, sentence, advice, details});
}

void Walk::notAsked(const QString &step, const QString &sentence)
{
    m_statements.push_back({step, Statement::Verdict::NotAsked, sentence, {}, {}});
}

bool Walk::hasBad() const
{
    return std::ranges::find(m_statements, Statement::Verdict::Bad, &Statement::verdict) != m_statements.end();
}

/// The first obstacle on the way is the one to remove; a name that is not found comes last, for the address does without.
WhyAnswer Walk::answer() const
{
    WhyAnswer answer{!hasBad(), m_statements, {}};
    for (const Statement &statement : m_statements) {
        if (statement.verdict == Statement::Verdict::Bad && (answer.change.isEmpty() || statement.step != u"name")) {
            answer.change = statement.advice;
            if (statement.step != u"name")
                break;
        }
    }
    return answer;
}

bool Walk::leavesBy(const char *link) const
{
    return facts.route.kind == RouteFact::Kind::Sent && facts.route.interface == QLatin1String(link);
}

QString Walk::wayOut() const
{
    const QString program = programOf(facts.route.interface);
    const QString
        interface = program.isEmpty() ? facts.route.interface : u"%1 (%2)"_s.arg(facts.route.interface, program);
    const QString by = facts.route.gateway ? u" by "_s + facts.route.gateway->toString() : QString();
    return u"%1%2, as %3 says"_s.arg(interface, by, tableText(facts.route.table));
}

QString Walk::adviceOr(const QString &otherwise) const
{
    const auto &conflicts = facts.snapshot.conflicts;
    return conflicts.empty() || conflicts.front().advice.isEmpty() ? otherwise : conflicts.front().advice;
}

const Device *deviceNamed(const Home &home, const QString &host)
{
    if (const Device *device = findDevice(home, host))
        return device;
    const QString suffix = u'.' + home.domain;
    const QString bare = host.endsWith(u'.') ? host.chopped(1) : host;
    const bool isFull = !home.domain.isEmpty() && bare.endsWith(suffix, Qt::CaseInsensitive);
    return isFull ? findDevice(home, bare.chopped(suffix.size())) : nullptr;
}

const Device *deviceFor(const Home &home, const IpAddress &address)
{
    const Device *best = nullptr;
    int longest = -1;
    for (const Device *device : peersOf(home)) {
        for (const auto *prefixes : {&device->addresses, &device->routes}) {
            for (const Prefix &prefix : *prefixes) {
                if (!prefix.contains(address) || prefix.length() <= longest)
                    continue;
                best = device;
                longest = prefix.length();
            }
        }
    }
    return best;
}

WhyAnswer why(const WhyFacts &facts)
{
    Walk walk(facts);
    const auto &home = facts.configuration.home;
    const Device *device = home && facts.address ? deviceFor(*home, *facts.address) : nullptr;
    walkName(walk, device);
    walkFurther(walk, device);
    return walk.answer();
}

} // namespace sallyport
