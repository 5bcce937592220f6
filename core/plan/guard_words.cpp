// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/guard_words.h"

#include "core/plan/dns_words.h"

#include <QDateTime>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool isClosed(const ObservedState &observed)
{
    return std::ranges::any_of(observed.tables, [](const ObservedTable &table) {
        return table.name == QLatin1String(kGuardTable) && !table.version.isEmpty();
    });
}

QString allowed(const Configuration &configuration, const ObservedState &observed, const HomeSnapshot &home)
{
    QStringList parts;
    if (home.phase == Phase::Up)
        parts += u"home"_s;
    if (configuration.policy.allowLan && !observed.uplinks.empty())
        parts += u"the local network"_s;
    return parts.isEmpty() ? u" Allowed: nothing else."_s : u" Allowed: %1."_s.arg(parts.join(u", "_s));
}

QString connected(const ExitSnapshot &exit)
{
    const QString missing = exit.families.size() == 2 ? QString()
        : exit.families.front() == Family::IPv4       ? u", and IPv6, which it does not carry"_s
                                                      : u", and IPv4, which it does not carry"_s;
    return u"Internet goes out through %1. Blocked: whatever would go past it%2."_s.arg(exit.name, missing);
}

} // namespace

GuardSnapshot guardSnapshot(const Configuration &configuration, const Intent &intent, const ObservedState &observed,
    const HomeSnapshot &home, const ExitSnapshot &exit)
{
    if (!intent.exit && !intent.lockdown)
        return {GuardState::Open, u"Nothing is blocked."_s};
    if (!isClosed(observed))
        return {GuardState::Open,
            u"Nothing is blocked although it should be: the firewall table %1 is not in force; see `sally doctor`."_s
                .arg(QLatin1String(kGuardTable)),
            {}};
    const QString rest = allowed(configuration, observed, home);
    switch (exit.phase) {
    case Phase::Off:
        return {GuardState::Lockdown,
            u"Blocked: internet, because lockdown is on and Exit is off; switch Exit on."_s + rest, {}};
    case Phase::Starting:
        return {GuardState::Connecting, u"Blocked: internet, until %1 answers."_s.arg(exit.name) + rest, {}};
    case Phase::Up:
        return {GuardState::Connected, connected(exit) + rest + dnsSentence(configuration, intent, observed), {}};
    case Phase::Stale:
    case Phase::Failed:
        break;
    }
    return {GuardState::Blocked,
        u"Blocked: internet, because %1 does not answer; choose another exit or switch Exit off."_s.arg(
            exit.name.isEmpty() ? u"the exit"_s : exit.name)
            + rest,
        {}};
}

GuardSnapshot pausedGuard(std::chrono::sys_seconds until)
{
    const QDateTime end = QDateTime::fromSecsSinceEpoch(until.time_since_epoch().count());
    return {GuardState::Open,
        u"Nothing is blocked: the exit and its protection are paused until %1 and come back by themselves; "
        u"`sally pause off` ends the pause now."_s.arg(end.toString(u"HH:mm"_s)),
        until};
}

} // namespace sallyport
