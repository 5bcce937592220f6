// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_helper/states.h"

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

QVariantMap peer(const QString &name, const QString &address, const QString &phase, qulonglong received)
{
    QVariantMap map{{u"name"_s, name}, {u"publicKey"_s, u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s},
        {u"addresses"_s, QStringList{address}}, {u"phase"_s, phase}, {u"rxBytes"_s, received},
        {u"txBytes"_s, received / 4},
        {u"candidates"_s,
            QVariantList{QVariantMap{
                {u"address"_s, u"10.41.1.4:53333"_s}, {u"source"_s, u"manual"_s}, {u"state"_s, u"in-use"_s}}}}};
    if (phase == u"up") {
        map.insert(u"endpoint"_s, u"10.41.1.4:53333"_s);
        map.insert(u"via"_s, u"lan"_s);
        map.insert(u"handshakeAgeSeconds"_s, 3LL);
    }
    return map;
}

QVariantMap homeOf(const World &world)
{
    QVariantMap home{{u"configured"_s, world.isConfigured}, {u"enabled"_s, world.home},
        {u"phase"_s, world.homePhase.isEmpty() ? (world.home ? u"up"_s : u"off"_s) : world.homePhase},
        {u"interface"_s, u"sally-home"_s}, {u"name"_s, u"wgnet"_s}, {u"device"_s, u"laptop"_s}};
    QVariantList peers;
    const bool up = home.value(u"phase"_s).toString() == u"up";
    if (world.home)
        peers = {peer(u"nas"_s, u"10.42.1.4"_s, up ? u"up"_s : u"down"_s, world.receivedBytes),
            peer(u"desktop"_s, u"10.42.1.1"_s, u"idle"_s, 0)};
    home.insert(u"peers"_s, peers);
    return home;
}

QVariantMap exitOf(const World &world)
{
    QVariantMap exit{{u"enabled"_s, world.exit}, {u"name"_s, world.exitName},
        {u"phase"_s, world.exitPhase.isEmpty() ? (world.exit ? u"up"_s : u"off"_s) : world.exitPhase},
        {u"available"_s, world.isConfigured ? QStringList{u"mullvad-se"_s, u"mullvad-de"_s, u"nas"_s} : QStringList{}}};
    if (!world.exit)
        return exit;
    exit.insert(u"provider"_s, world.exitName == u"nas" ? u"device"_s : u"mullvad"_s);
    exit.insert(u"endpoint"_s, u"198.51.100.7:51820"_s);
    exit.insert(u"families"_s, QStringList{u"ipv4"_s, u"ipv6"_s});
    exit.insert(u"rxBytes"_s, world.receivedBytes * 3);
    exit.insert(u"txBytes"_s, world.receivedBytes);
    return exit;
}

World both(bool home, bool exit)
{
    World world;
    world.home = home;
    world.exit = exit;
    world.exitName = exit ? u"mullvad-se"_s : QString();
    world.receivedBytes = 1'200'000;
    return world;
}

World exitIs(const QString &phase, const QString &guard)
{
    World world = both(true, true);
    world.exitPhase = phase;
    world.guard = guard;
    return world;
}

World changed(World world, void (*change)(World &))
{
    change(world);
    return world;
}

void addError(World &world)
{
    world.lastError = {{u"code"_s, u"kernel-refused"_s}, {u"detail"_s, u"sally-exit: Operation not permitted"_s},
        {u"place"_s, QString()}};
}

void addConflict(World &world)
{
    world.conflicts = {QVariantMap{{u"who"_s, u"Tailscale"_s}, {u"what"_s, u"it uses its own exit."_s},
        {u"advice"_s, u"Switch Tailscale's exit off."_s}}};
}

} // namespace

std::optional<World> worldNamed(const QString &name)
{
    const QHash<QString, World> worlds{
        {u"off"_s, both(false, false)},
        {u"home-on"_s, both(true, false)},
        {u"exit-on"_s, both(false, true)},
        {u"both"_s, both(true, true)},
        {u"starting"_s, exitIs(u"starting"_s, u"connecting"_s)},
        {u"stale"_s, exitIs(u"stale"_s, u"connected"_s)},
        {u"blocked"_s, exitIs(u"failed"_s, u"blocked"_s)},
        {u"lockdown"_s, changed(both(true, false), [](World &world) { world.guard = u"lockdown"_s; })},
        {u"failed"_s, changed(exitIs(u"failed"_s, u"blocked"_s), addError)},
        {u"conflict"_s, changed(both(true, false), addConflict)},
        {u"empty"_s, changed(both(false, false), [](World &world) { world.isConfigured = false; })},
    };
    const auto found = worlds.constFind(name);
    return found == worlds.constEnd() ? std::nullopt : std::optional(*found);
}

QVariantMap snapshotOf(const World &world)
{
    const QString guard = world.guard.isEmpty() ? (world.exit ? u"connected"_s : u"open"_s) : world.guard;
    QVariantMap map{{u"revision"_s, qulonglong(world.revision)}, {u"helper"_s, QVariantMap{{u"version"_s, u"fake"_s}}},
        {u"home"_s, homeOf(world)}, {u"exit"_s, exitOf(world)},
        {u"guard"_s, QVariantMap{{u"state"_s, guard}, {u"sentence"_s, u"As the scenario says."_s}}},
        {u"conflicts"_s, world.conflicts}};
    if (!world.lastError.isEmpty())
        map.insert(u"lastError"_s, world.lastError);
    return map;
}

} // namespace sallyport::test
