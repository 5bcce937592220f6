// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/intent_rules.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Result<QString> chosenExit(const QString &wanted, const Configuration &configuration)
{
    if (wanted.isEmpty() && configuration.exits.size() == 1)
        return configuration.exits.front().name;
    if (wanted.isEmpty())
        return Error{Errc::NotConfigured,
            configuration.exits.empty() ? u"There is no exit yet; import or apply one first."_s
                                        : u"No exit is chosen; choose one with `sally exit use NAME`."_s,
            u"exitName"_s};
    if (!findExit(configuration, wanted))
        return Error{Errc::UnknownName,
            u"There is no exit called %1; `sally exit list` shows those that there are."_s.arg(wanted), u"exitName"_s};
    return wanted;
}

} // namespace

Result<Intent> changedIntent(const Intent &before, const IntentChange &change, const Configuration &configuration)
{
    if (change.pauseSeconds.value_or(0) != 0)
        return Error{
            Errc::UnsupportedRequirement, u"This version cannot pause yet; switch Exit off."_s, u"pauseSeconds"_s};
    Intent after = before;
    after.home = change.home.value_or(before.home);
    after.exit = change.exit.value_or(before.exit);
    after.lockdown = change.lockdown.value_or(before.lockdown);
    if (after.home && !configuration.home)
        return Error{Errc::NotConfigured, u"There is no home yet; create, import or apply one first."_s, u"home"_s};
    if (!change.exitName && !(after.exit && change.exit))
        return after;
    const auto chosen = chosenExit(change.exitName.value_or(before.exitName), configuration);
    if (!chosen)
        return chosen.error();
    after.exitName = *chosen;
    return after;
}

Intent intentFor(const Intent &before, const Configuration &configuration)
{
    Intent after = before;
    after.home = before.home && configuration.home;
    if (!findExit(configuration, before.exitName)) {
        after.exit = false;
        after.exitName.clear();
    }
    return after;
}

} // namespace sallyport
