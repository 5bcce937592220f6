// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/exit_words.h"

#include "core/present/home_words.h"
#include "core/present/words.h"

#include <QDateTime>
#include <QLocale>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool isCut(GuardState guard)
{
    return guard == GuardState::Blocked || guard == GuardState::Lockdown;
}

/// What the exit did that made the guard close.
QString causeOf(const Snapshot &snapshot)
{
    if (snapshot.exit.phase != Phase::Failed)
        return Words::tr("%1 stopped answering.").arg(snapshot.exit.name);
    return (snapshot.lastError ? Words::tr("%1 could not be used.") : Words::tr("%1 does not answer."))
        .arg(snapshot.exit.name);
}

QString blockedSentence(const Snapshot &snapshot)
{
    const bool home = snapshot.home.enabled && snapshot.home.phase == Phase::Up;
    if (!snapshot.exit.enabled)
        return home ? Words::tr("Internet is blocked until an exit is on. Home still works.")
                    : Words::tr("Internet is blocked until an exit is on.");
    //: %1 is a sentence about the exit
    return (home ? Words::tr("%1 Internet is blocked so that nothing leaks; Home still works.")
                 : Words::tr("%1 Internet is blocked so that nothing leaks."))
        .arg(causeOf(snapshot));
}

QString pausedSentence(std::chrono::sys_seconds until)
{
    const QDateTime end = QDateTime::fromSecsSinceEpoch(until.time_since_epoch().count());
    //: %1 is a time of day
    return Words::tr("Exit is paused until %1; nothing is blocked meanwhile.")
        .arg(QLocale().toString(end.time(), QLocale::ShortFormat));
}

QString ownerLine(const ExitSnapshot &exit)
{
    if (exit.name.isEmpty())
        return Words::tr("No exit is chosen.");
    if (exit.provider == "device"_L1)
        return Words::tr("%1, one of your devices").arg(exit.name);
    return exit.provider.isEmpty() ? exit.name : QString(exit.name + u" · "_s + exit.provider);
}

QString familiesLine(const std::vector<Family> &families)
{
    if (families.size() != 1)
        return {};
    return families.front() == Family::IPv4 ? Words::tr("IPv4 only; IPv6 is blocked")
                                            : Words::tr("IPv6 only; IPv4 is blocked");
}

} // namespace

Glyph exitGlyph(const Snapshot &snapshot)
{
    const bool answers = snapshot.exit.phase != Phase::Stale && snapshot.exit.phase != Phase::Failed;
    if (isCut(snapshot.guard.state) && (!snapshot.exit.enabled || !answers))
        return Glyph::Blocked;
    if (!snapshot.exit.enabled || snapshot.guard.pausedUntil)
        return Glyph::Off;
    return glyphOf(snapshot.exit.phase);
}

QString exitState(const Snapshot &snapshot)
{
    if (snapshot.guard.pausedUntil)
        return Words::tr("Paused");
    return stateOf(exitGlyph(snapshot), snapshot.exit.available.isEmpty() ? Words::tr("Not set up") : Words::tr("Off"));
}

QString exitSentence(const Snapshot &snapshot)
{
    if (snapshot.guard.pausedUntil)
        return pausedSentence(*snapshot.guard.pausedUntil);
    const QString &name = snapshot.exit.name;
    switch (exitGlyph(snapshot)) {
    case Glyph::Off:
        return Words::tr("Exit is off.");
    case Glyph::Starting:
        //: %1 is the name of an exit
        return Words::tr("Asking %1 to answer…").arg(name);
    case Glyph::On:
        //: %1 is the name of an exit
        return Words::tr("Your way out is %1.").arg(name);
    case Glyph::Doubtful:
        return Words::tr("Your way out is %1, but it has not answered for a while.").arg(name);
    case Glyph::Blocked:
        return blockedSentence(snapshot);
    case Glyph::Attention:
        break;
    }
    return causeOf(snapshot);
}

QStringList exitLines(const Snapshot &snapshot)
{
    const ExitSnapshot &exit = snapshot.exit;
    if (exit.available.isEmpty() && !exit.enabled)
        //: “sally import FILE” is a command
        return {Words::tr("Set one up with “sally import FILE”.")};
    QStringList lines{ownerLine(exit)};
    if (!exit.enabled)
        return lines;
    if (!exit.endpoint.isEmpty())
        //: %1 is an address and port
        lines.append(Words::tr("reached at %1").arg(exit.endpoint));
    if (const QString families = familiesLine(exit.families); !families.isEmpty())
        lines.append(families);
    const QString traffic = trafficLine(exit.activity.receivedBytes, exit.activity.sentBytes);
    if (!traffic.isEmpty())
        lines.append(traffic);
    return lines;
}

} // namespace sallyport
