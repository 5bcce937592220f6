// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/planner.h"

#include "core/plan/desired_dns.h"
#include "core/plan/link_plan.h"
#include "core/plan/quiet_neighbour.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>
#include <tuple>

namespace sallyport {

namespace {

template<class T>
void append(std::vector<Operation> &to, std::vector<T> &&from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// Rules that only protect encrypted packets; harmless alone and needed by everything else.
bool isUnderlay(const Rule &rule)
{
    return rule.mark != 0;
}

/// Sorted first: there may be 10,000 of them.
template<class T>
std::vector<T> difference(std::vector<T> from, std::vector<T> without)
{
    std::ranges::sort(from);
    std::ranges::sort(without);
    std::vector<T> left;
    std::ranges::set_difference(from, without, std::back_inserter(left));
    return left;
}

/// What RTM_NEWROUTE with NLM_F_REPLACE takes for the same route.
auto slot(const Route &route)
{
    return std::tuple(route.family, route.table, route.destination, route.metric);
}

std::vector<Operation> routesToPut(const DesiredState &desired, const ObservedState &observed)
{
    std::vector<Route> missing = difference(desired.routes, observed.routes);
    // What refuses comes before what carries: a table that is half there never lets anything through.
    std::ranges::stable_sort(missing, std::ranges::greater{}, &Route::kind);
    std::vector<Operation> operations;
    for (Route &route : missing)
        operations.push_back(PutRoute{std::move(route)});
    return operations;
}

std::vector<Operation> routesToDelete(const DesiredState &desired, const ObservedState &observed)
{
    std::vector<Route> surplus = difference(observed.routes, desired.routes);
    std::set<decltype(slot(Route{}))> replaced;
    for (const Route &wanted : desired.routes)
        replaced.insert(slot(wanted));
    std::erase_if(surplus, [&](const Route &route) { return replaced.contains(slot(route)); });
    std::ranges::stable_sort(surplus, {}, &Route::kind);
    std::vector<Operation> operations;
    for (Route &route : surplus)
        operations.push_back(DeleteRoute{std::move(route)});
    return operations;
}

std::vector<Operation> rulesToAdd(const DesiredState &desired, const ObservedState &observed, bool underlay)
{
    std::vector<Operation> operations;
    for (Rule &rule : difference(desired.rules, observed.rules)) {
        if (isUnderlay(rule) == underlay)
            operations.push_back(AddRule{rule});
    }
    return operations;
}

std::vector<Operation> rulesToDelete(const DesiredState &desired, const ObservedState &observed, bool underlay)
{
    std::vector<Operation> operations;
    // The kernel may hold the same rule twice after a crash between two adds; each copy is deleted. From the last to the
    // first: a rule that refuses goes before the one in front of it, which spares packets from it.
    for (const Rule &rule : std::ranges::reverse_view(observed.rules)) {
        const bool wanted = std::ranges::find(desired.rules, rule) != desired.rules.end();
        if (!wanted && isUnderlay(rule) == underlay)
            operations.push_back(DeleteRule{rule});
    }
    return operations;
}

bool isGuard(const QString &table)
{
    return table == QLatin1String(kGuardTable);
}

std::vector<Operation> tablesToReplace(const DesiredState &desired, const ObservedState &observed, bool guard)
{
    std::vector<Operation> operations;
    for (const Table &table : desired.tables) {
        if (isGuard(table.name) != guard)
            continue;
        const auto inForce = std::ranges::find(observed.tables, table.name, &ObservedTable::name);
        if (inForce == observed.tables.end() || inForce->version != table.version)
            operations.push_back(ReplaceTable{table});
    }
    return operations;
}

std::vector<Operation> tablesToDelete(const DesiredState &desired, const ObservedState &observed, bool guard)
{
    std::vector<Operation> operations;
    for (const ObservedTable &table : observed.tables) {
        if (isGuard(table.name) != guard)
            continue;
        const bool ours = !table.version.isEmpty();
        if (ours && std::ranges::find(desired.tables, table.name, &Table::name) == desired.tables.end())
            operations.push_back(DeleteTable{table.name});
    }
    return operations;
}

/// What was sent while nothing was closed may still wait in the kernel.
bool closesTheGuard(const DesiredState &desired, const ObservedState &observed)
{
    return std::ranges::any_of(desired.tables, isGuard, &Table::name)
        && std::ranges::none_of(observed.tables, isGuard, &ObservedTable::name);
}

/// Settings of a link can be written only once the link is there.
bool belongsToLink(const Setting &setting)
{
    return setting.path.contains(QLatin1String("/sally-"));
}

std::vector<Operation> settingsToWrite(const DesiredState &desired, const ObservedState &observed, bool ofLinks)
{
    std::vector<Operation> operations;
    for (const Setting &setting : desired.settings) {
        const bool inForce = std::ranges::any_of(
            observed.settings, [&](const ObservedSetting &each) { return each.setting == setting; });
        if (!inForce && belongsToLink(setting) == ofLinks && !isQuietNeighbour(setting))
            operations.push_back(WriteSetting{setting});
    }
    return operations;
}

std::vector<Operation> cardsToQuiet(const DesiredState &desired, const ObservedState &observed)
{
    std::vector<Operation> operations;
    for (const Setting &setting : desired.settings) {
        const bool quiet = std::ranges::any_of(
            observed.settings, [&](const ObservedSetting &each) { return isQuietEnough(each.setting, setting); });
        if (isQuietNeighbour(setting) && !quiet)
            operations.push_back(WriteSetting{setting});
    }
    return operations;
}

std::vector<Operation> settingsToRestore(const DesiredState &desired, const ObservedState &observed)
{
    std::vector<Operation> operations;
    for (const ObservedSetting &each : observed.settings) {
        const bool wanted
            = std::ranges::find(desired.settings, each.setting.path, &Setting::path) != desired.settings.end();
        if (each.changedByUs && !wanted)
            operations.push_back(RestoreSetting{each.setting.path});
    }
    return operations;
}

} // namespace

Plan plan(const DesiredState &desired, const ObservedState &observed)
{
    LinkPlan links = planLinks(desired, observed);
    Plan result;
    std::vector<Operation> &now = result.now;
    // The guard holds whatever the rules and routes are, so it is closed before they change and opened after.
    append(now, tablesToReplace(desired, observed, true));
    if (closesTheGuard(desired, observed))
        now.push_back(ForgetUnresolvedNeighbours{});
    append(now, settingsToWrite(desired, observed, false));
    append(now, tablesToReplace(desired, observed, false));
    append(now, rulesToAdd(desired, observed, true));
    append(now, std::move(links.grow));
    append(now, settingsToWrite(desired, observed, true));
    append(now, routesToPut(desired, observed));
    append(now, rulesToAdd(desired, observed, false));
    append(result.comfort, cardsToQuiet(desired, observed));
    if (desired.bootGuard != observed.bootGuard)
        result.comfort.push_back(WriteBootGuard{desired.bootGuard});
    if (auto dns = carriedDns(desired.dns, observed.dnsWay); dns != observed.dns)
        result.comfort.push_back(WriteDns{std::move(dns)});
    if (desired.hosts != observed.hosts)
        result.comfort.push_back(WriteHosts{desired.hosts});
    append(now, rulesToDelete(desired, observed, false));
    append(now, routesToDelete(desired, observed));
    append(now, std::move(links.shrink));
    append(now, rulesToDelete(desired, observed, true));
    append(now, tablesToDelete(desired, observed, false));
    append(now, settingsToRestore(desired, observed));
    append(now, tablesToDelete(desired, observed, true));
    result.later = std::move(links.remove);
    return result;
}

} // namespace sallyport
