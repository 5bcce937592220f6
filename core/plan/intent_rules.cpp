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

std::optional<std::chrono::sys_seconds> pauseAfter(
    const Intent &before, const IntentChange &change, bool isProtected, std::chrono::sys_seconds now)
{
    if (!isProtected)
        return std::nullopt;
    if (change.pauseSeconds)
        return *change.pauseSeconds == 0 ? std::nullopt
                                         : std::optional(now + std::chrono::seconds(*change.pauseSeconds));
    const bool touches = change.exit || change.exitName || change.lockdown;
    return touches ? std::nullopt : before.pausedUntil;
}

} // namespace

Intent inForce(const Intent &intent)
{
    Intent acting = intent;
    acting.exit = intent.exit && !intent.pausedUntil;
    acting.lockdown = intent.lockdown && !intent.pausedUntil;
    return acting;
}

Result<Intent> changedIntent(
    const Intent &before, const IntentChange &change, const Configuration &configuration, std::chrono::sys_seconds now)
{
    Intent after = before;
    after.home = change.home.value_or(before.home);
    after.exit = change.exit.value_or(before.exit);
    after.lockdown = change.lockdown.value_or(before.lockdown);
    after.pausedUntil = pauseAfter(before, change, after.exit || after.lockdown, now);
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
    if (!after.exit && !after.lockdown)
        after.pausedUntil.reset();
    return after;
}

} // namespace sallyport
