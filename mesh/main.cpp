// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh1adaptor.h"

#include "core/wire/ledger_codec.h"
#include "mesh/clock.h"
#include "mesh/daemon.h"
#include "mesh/mesh_service.h"
#include "mesh/network/network_manager.h"
#include "mesh/network/network_watch.h"
#include "mesh/session/clock_watch.h"
#include "mesh/session/ending.h"
#include "mesh/session/sleep_watch.h"
#include "mesh/session/watchdog.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>
#include <sodium.h>
#include <unistd.h>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

int fail(const QString &sentence)
{
    std::fprintf(stderr, "sallyport-meshd: %s\n", qUtf8Printable(sentence));
    return 1;
}

/// Whether root is let in.
bool parseOptions(const QCoreApplication &application)
{
    QCoreApplication::setApplicationName(u"sallyport-meshd"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SALLYPORT_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Sallyport's mesh service: finds out where the other devices of home are reached. Needs no privilege."_s);
    const QCommandLineOption allowRoot(u"allow-root"_s, u"Run as root, which nothing needs but a laboratory."_s);
    parser.addOption(allowRoot);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);
    return parser.isSet(allowRoot);
}

/// The name comes last: whoever sees it gets answers.
Result<Done> takePlace(QDBusConnection &bus, mesh::MeshService &service)
{
    if (!bus.registerObject(QString::fromLatin1(kMeshObjectPath), &service))
        return Error{Errc::Internal, u"The object %1 cannot be offered."_s.arg(QLatin1String(kMeshObjectPath)), {}};
    if (!bus.registerService(QString::fromLatin1(kMeshBusName)))
        return Error{Errc::NameTaken,
            u"The bus name %1 cannot be had: %2"_s.arg(QLatin1String(kMeshBusName), bus.lastError().message()), {}};
    return Done{};
}

/// A sleep is told by logind, by the clock, or by both.
void followSleep(mesh::Daemon &daemon, mesh::NetworkWatch &networks, mesh::SleepWatch &sleep, mesh::ClockWatch &clock)
{
    const auto woke = [&] {
        networks.lookAgain();
        daemon.take(Woke{});
    };
    QObject::connect(&sleep, &mesh::SleepWatch::sleepBegan, &daemon, [&daemon] { daemon.take(SleepBegan{}); });
    QObject::connect(&sleep, &mesh::SleepWatch::woke, &daemon, [&clock, woke] {
        clock.forget();
        woke();
    });
    QObject::connect(&clock, &mesh::ClockWatch::woke, &daemon, woke);
    sleep.start();
    clock.start();
}

void followNetworks(mesh::Daemon &daemon, mesh::NetworkWatch &networks, mesh::NetworkManagerWatch &manager)
{
    QObject::connect(&networks, &mesh::NetworkWatch::changed, &daemon, &mesh::Daemon::setNetworks);
    QObject::connect(&manager, &mesh::NetworkManagerWatch::meteredChanged, &daemon, &mesh::Daemon::setMetered);
    QObject::connect(&manager, &mesh::NetworkManagerWatch::portalChanged, &daemon,
        [&daemon](bool isPortal) { daemon.take(PortalChanged{isPortal}); });
    manager.start();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    mesh::Ending ending;
    if (!parseOptions(application) && geteuid() == 0)
        return fail(u"This is not for root: start it as a user of its own."_s);
    QDBusConnection bus = QDBusConnection::systemBus();
    if (!bus.isConnected())
        return fail(u"There is no system bus: %1"_s.arg(bus.lastError().message()));
    // A bus that restarts has forgotten us; the service manager starts us anew.
    bus.connect({}, u"/org/freedesktop/DBus/Local"_s, u"org.freedesktop.DBus.Local"_s, u"Disconnected"_s, &application,
        SLOT(quit()));
    QObject::connect(&ending, &mesh::Ending::asked, &application, &QCoreApplication::quit);

    quint64 seed = 0;
    randombytes_buf(&seed, sizeof seed);
    mesh::NameServers servers(bus);
    mesh::NameLookup names([&](const QString &name, const auto &found) { servers.find(name, found); });
    mesh::HelperLink link(bus);
    mesh::Daemon daemon(link, names, seed);
    QObject::connect(&daemon, &mesh::Daemon::tunnelChanged, &servers, &mesh::NameServers::setTunnel);
    mesh::MeshService service([&] { return encodeLedger(daemon.ledger()); });
    new Mesh1Adaptor(&service);
    QObject::connect(&daemon, &mesh::Daemon::ledgerMoved, &service, &mesh::MeshService::ledgerMoved);
    mesh::Watchdog watchdog(ServiceManager::fromEnvironment());
    QObject::connect(&daemon, &mesh::Daemon::busyChanged, &watchdog, &mesh::Watchdog::setBusy);

    mesh::NetworkWatch networks;
    mesh::NetworkManagerWatch manager(bus);
    mesh::SleepWatch sleep(bus);
    mesh::ClockWatch clock(mesh::timeAsleep);
    followNetworks(daemon, networks, manager);
    followSleep(daemon, networks, sleep, clock);
    if (const auto watching = networks.start(); !watching)
        return fail(watching.error().detail);
    link.start();
    if (const auto placed = takePlace(bus, service); !placed)
        return fail(placed.error().detail);
    QCoreApplication::exec();
    return bus.isConnected() ? 0 : fail(u"The system bus has gone."_s);
}
