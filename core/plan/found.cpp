// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/found.h"

#include "core/plan/programs.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString counted(std::size_t count, const QString &one, const QString &many)
{
    return u"%1 %2"_s.arg(count).arg(count == 1 ? one : many);
}

QStringList ours(const ObservedState &observed)
{
    QStringList list;
    for (const ObservedLink &link : observed.links)
        list += u"interface %1%2"_s.arg(link.name, link.ours ? QString() : u" of somebody else"_s);
    if (!observed.rules.empty()) {
        const auto first = std::ranges::min(observed.rules, {}, &Rule::preference);
        list += u"%1 from preference %2"_s.arg(counted(observed.rules.size(), u"rule"_s, u"rules"_s))
                    .arg(first.preference);
    }
    if (!observed.routes.empty())
        list += counted(observed.routes.size(), u"route"_s, u"routes"_s);
    for (const ObservedTable &table : observed.tables)
        list += u"nftables table inet %1%2"_s.arg(
            table.name, table.version.isEmpty() ? u" of somebody else"_s : QString());
    return list;
}

/// The kernel's own, and what the system itself needs, tell nothing.
bool isOrdinary(const ForeignRule &rule)
{
    constexpr quint8 kKernelProtocol = 2;
    return rule.protocol == kKernelProtocol && (rule.preference == 0 || rule.preference >= 32766);
}

QString ruleText(const ForeignRule &rule)
{
    QString text = u"%1 rule %2"_s.arg(rule.family == Family::IPv4 ? u"IPv4"_s : u"IPv6"_s).arg(rule.preference);
    if (rule.mask != 0)
        text += u" %1mark %2"_s.arg(rule.inverted ? u"not "_s : QString(), u"0x"_s + QString::number(rule.mark, 16));
    return rule.action == ForeignRule::Action::Lookup ? text + u" to table %1"_s.arg(rule.table) : text;
}

QStringList others(const Others &others)
{
    QStringList list;
    for (const ForeignLink &link : others.links) {
        const QString program = programOf(link.name);
        list += program.isEmpty() ? u"interface %1"_s.arg(link.name) : u"interface %1 (%2)"_s.arg(link.name, program);
    }
    for (const ForeignRule &rule : others.rules) {
        if (!isOrdinary(rule))
            list += ruleText(rule);
    }
    for (const ForeignTable &table : others.tables)
        list += u"nftables table %1 %2"_s.arg(table.family, table.name);
    return list;
}

QStringList limited(QStringList list)
{
    constexpr qsizetype kMost = 64;
    if (list.size() > kMost) {
        const qsizetype more = list.size() - kMost;
        list.resize(kMost);
        list += u"%1 more"_s.arg(more);
    }
    return list;
}

} // namespace

Found foundOf(const ObservedState &observed)
{
    return {limited(ours(observed)), limited(others(observed.others))};
}

} // namespace sallyport
