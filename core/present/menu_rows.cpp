// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/menu_rows.h"

#include "core/present/words.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace sallyport {

namespace {

constexpr std::size_t kMostExits = 12;
constexpr std::size_t kMostDevices = 25;

void addExits(std::vector<ExitRow> &rows, const ExitSnapshot &exit, const QStringList &names, ExitGroup group)
{
    for (const QString &name : names) {
        const bool isListed = std::ranges::find(rows, name, &ExitRow::name) != rows.end();
        if (exit.available.contains(name) && !isListed)
            rows.push_back({name, name == exit.name, group});
    }
}

/// An exit of that name leads through the device, as `sally` and the wizard call them.
QString exitThrough(const PeerSnapshot &peer, const ExitSnapshot &exit)
{
    return peer.offersExit && exit.available.contains(peer.name) ? peer.name : QString();
}

} // namespace

std::vector<ExitRow> menuExits(const ExitSnapshot &exit, const Habits &habits)
{
    std::vector<ExitRow> rows;
    addExits(rows, exit, habits.favouriteExits, ExitGroup::Favourite);
    addExits(rows, exit, habits.recentExits, ExitGroup::Recent);
    if (static_cast<std::size_t>(exit.available.size()) <= kMostExits || rows.empty())
        addExits(rows, exit, exit.available, ExitGroup::Other);
    if (rows.size() > kMostExits)
        rows.resize(kMostExits);
    return rows;
}

std::vector<DeviceEntry> menuDevices(const Snapshot &snapshot)
{
    std::vector<DeviceEntry> rows;
    for (const PeerSnapshot &peer : snapshot.home.peers)
        rows.push_back(
            {peer.name, peer.addresses.value(0), peer.phase == PeerPhase::Up, exitThrough(peer, snapshot.exit)});
    std::ranges::sort(rows, [](const DeviceEntry &one, const DeviceEntry &other) {
        return std::pair(!one.isOnline, one.name) < std::pair(!other.isOnline, other.name);
    });
    if (rows.size() > kMostDevices)
        rows.resize(kMostDevices);
    return rows;
}

PauseModel pauseModel(const Snapshot &snapshot)
{
    PauseModel model;
    model.isOffered = snapshot.exit.enabled || snapshot.guard.lockdown;
    model.isPaused = snapshot.guard.pausedUntil.has_value();
    model.title = Words::tr("Pause Exit");
    if (model.isPaused) {
        const auto end = QDateTime::fromSecsSinceEpoch(snapshot.guard.pausedUntil->time_since_epoch().count());
        //: %1 is a time of day
        model.title = Words::tr("Exit is paused until %1").arg(QLocale().toString(end.time(), QLocale::ShortFormat));
    }
    return model;
}

LockdownModel lockdownModel(const Snapshot &snapshot)
{
    return {snapshot.guard.lockdown || snapshot.guard.state == GuardState::Lockdown, true};
}

} // namespace sallyport
