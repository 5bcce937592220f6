// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_helper/states.h"

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

const QString kNasKey = u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s;

/// 43 characters of base64 and a last one whose unused bits are zero.
QString keyOf(int number)
{
    return number == 0 ? kNasKey : u"%1A="_s.arg(number, 42, 10, QLatin1Char('0'));
}

QString nameOf(int number)
{
    static const QStringList names{u"nas"_s, u"desktop"_s, u"phone"_s, u"vps"_s};
    return number < names.size() ? names[number] : u"device-%1"_s.arg(number);
}

QString endpointOf(const QString &via)
{
    return via == u"lan" ? u"10.41.1.4:53333"_s : u"123.45.67.89:54445"_s;
}

QVariantList candidates(const QString &via)
{
    const bool here = via == u"lan";
    return {QVariantMap{{u"address"_s, u"10.41.1.4:53333"_s}, {u"source"_s, u"manual"_s},
                {u"state"_s, here ? u"in-use"_s : u"not-here"_s}},
        QVariantMap{{u"address"_s, u"123.45.67.89:54445"_s}, {u"source"_s, u"manual"_s},
            {u"state"_s, here ? u"possible"_s : u"in-use"_s}}};
}

QVariantMap peer(const World &world, int number, const QString &phase)
{
    const qulonglong received = number == 0 ? world.receivedBytes : 0;
    const QString address = u"10.42.%1.%2"_s.arg(1 + number / 200).arg(number == 0 ? 4 : 10 + number % 200);
    QVariantMap map{{u"name"_s, nameOf(number)}, {u"publicKey"_s, keyOf(number)},
        {u"addresses"_s, QStringList{address}}, {u"phase"_s, phase}, {u"rxBytes"_s, received},
        {u"txBytes"_s, received / 4}, {u"offersExit"_s, number == 0}, {u"candidates"_s, candidates(world.via)}};
    if (phase == u"up") {
        map.insert(u"endpoint"_s, endpointOf(world.via));
        map.insert(u"via"_s, world.via);
        map.insert(u"handshakeAgeSeconds"_s, 3LL);
    }
    if (phase == u"stale")
        map.insert(u"handshakeAgeSeconds"_s, 400LL);
    return map;
}

QVariantMap homeOf(const World &world)
{
    QVariantMap home{{u"configured"_s, world.isConfigured}, {u"enabled"_s, world.home},
        {u"phase"_s, world.homePhase.isEmpty() ? (world.home ? u"up"_s : u"off"_s) : world.homePhase},
        {u"interface"_s, u"sally-home"_s}, {u"name"_s, u"wgnet"_s}, {u"device"_s, u"laptop"_s},
        {u"publicKey"_s, keyOf(9000)}};
    QVariantList peers;
    const bool up = home.value(u"phase"_s).toString() == u"up";
    for (int number = 0; world.home && number < world.devices; ++number) {
        const QString other = number % 3 == 2 ? (number % 2 == 0 ? u"stale"_s : u"up"_s) : u"idle"_s;
        peers += peer(world, number, number == 0 ? (up ? u"up"_s : u"down"_s) : other);
    }
    home.insert(u"peers"_s, peers + world.newPeers);
    return home;
}

QVariantMap exitOf(const World &world)
{
    QVariantMap exit{{u"enabled"_s, world.exit}, {u"name"_s, world.exitName},
        {u"phase"_s, world.exitPhase.isEmpty() ? (world.exit ? u"up"_s : u"off"_s) : world.exitPhase},
        {u"available"_s, world.isConfigured ? world.exits : QStringList{}}};
    if (!world.exit)
        return exit;
    exit.insert(u"provider"_s, world.exitName == u"nas" ? u"device"_s : u"mullvad"_s);
    exit.insert(u"endpoint"_s, u"198.51.100.7:51820"_s);
    exit.insert(u"families"_s, QStringList{u"ipv4"_s, u"ipv6"_s});
    exit.insert(u"rxBytes"_s, world.receivedBytes * 3);
    exit.insert(u"txBytes"_s, world.receivedBytes);
    return exit;
}

QStringList manyExits()
{
    QStringList names{u"nas"_s, u"work"_s};
    for (const QString &place : {u"se-sto"_s, u"se-got"_s, u"de-ber"_s, u"de-fra"_s, u"fr-par"_s, u"jp-tyo"_s,
             u"us-nyc"_s, u"us-sjc"_s, u"ch-zrh"_s, u"br-sao"_s}) {
        for (int number = 1; number <= 6; ++number)
            names += u"%1-wg-%2"_s.arg(place).arg(number, 3, 10, QLatin1Char('0'));
    }
    return names;
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

QVariantMap guardOf(const World &world)
{
    const QString state = world.guard.isEmpty() ? (world.exit ? u"connected"_s : u"open"_s) : world.guard;
    QVariantMap guard{{u"state"_s, state}, {u"sentence"_s, u"As the scenario says."_s}};
    if (world.lockdown)
        guard.insert(u"lockdown"_s, true);
    if (world.pausedUntil != 0)
        guard.insert(u"pausedUntil"_s, world.pausedUntil);
    return guard;
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
        {u"lockdown"_s,
            changed(both(true, false),
                [](World &world) {
                    world.guard = u"lockdown"_s;
                    world.lockdown = true;
                })},
        {u"failed"_s, changed(exitIs(u"failed"_s, u"blocked"_s), addError)},
        {u"conflict"_s, changed(both(true, false), addConflict)},
        {u"away"_s, changed(both(true, true), [](World &world) { world.via = u"public"_s; })},
        {u"paused"_s,
            changed(both(true, true),
                [](World &world) {
                    world.pausedUntil = 1'900'000'000;
                    world.guard = u"open"_s;
                })},
        {u"silent-device"_s, changed(both(true, false), [](World &world) { world.devices = 4; })},
        {u"crowd"_s, changed(both(true, false), [](World &world) { world.devices = 1000; })},
        {u"provider"_s,
            changed(both(true, true),
                [](World &world) {
                    world.exits = manyExits();
                    world.exitName = u"se-sto-wg-001"_s;
                })},
        {u"empty"_s, changed(both(false, false), [](World &world) { world.isConfigured = false; })},
    };
    const auto found = worlds.constFind(name);
    return found == worlds.constEnd() ? std::nullopt : std::optional(*found);
}

QVariantMap snapshotOf(const World &world)
{
    QVariantMap map{{u"revision"_s, qulonglong(world.revision)}, {u"helper"_s, QVariantMap{{u"version"_s, u"fake"_s}}},
        {u"home"_s, homeOf(world)}, {u"exit"_s, exitOf(world)}, {u"guard"_s, guardOf(world)},
        {u"conflicts"_s, world.conflicts}};
    if (!world.lastError.isEmpty())
        map.insert(u"lastError"_s, world.lastError);
    return map;
}

} // namespace sallyport::test
