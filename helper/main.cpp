// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper1adaptor.h"

#include "core/constants.h"
#include "helper/dns/dns_kernel.h"
#include "helper/dns/resolver_watch.h"
#include "helper/kernel/linux_kernel.h"
#include "helper/kernel/netlink/monitor.h"
#include "helper/kernel/nft/table_monitor.h"
#include "helper/probe/mesh_door.h"
#include "helper/probe/mesh_room.h"
#include "helper/service.h"
#include "helper/session/sleep_watch.h"
#include "helper/session/watchdog.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

struct Options {
    QString state;
    QString run;
    QString meshUser;
};

Options parseOptions(const QCoreApplication &application)
{
    QCoreApplication::setApplicationName(u"sallyport-helper"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SALLYPORT_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Sallyport's background service: applies WireGuard interfaces, routes and rules."_s);
    const QCommandLineOption state(
        u"state"_s, u"Folder of what is kept."_s, u"folder"_s, QString::fromLatin1(kStateFolder));
    const QCommandLineOption run(
        u"run"_s, u"Folder of what lasts until the next boot."_s, u"folder"_s, u"/run/sallyport"_s);
    const QCommandLineOption meshUser(
        u"mesh-user"_s, u"Who may attach the mesh service, beside root."_s, u"user"_s, QString::fromLatin1(kMeshUser));
    parser.addOptions({state, run, meshUser});
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);
    return {parser.value(state), parser.value(run), parser.value(meshUser)};
}

int fail(const QString &sentence)
{
    std::fprintf(stderr, "sallyport-helper: %s\n", qUtf8Printable(sentence));
    return 1;
}

Paths pathsIn(const Options &options)
{
    Paths paths;
    paths.settingsJournal = options.run + u"/settings.journal"_s;
    paths.bootGuard = options.state + u'/' + QLatin1StringView(kBootGuardFile);
    return paths;
}

/// Somebody has to notice if the helper hangs while it has something to look after.
void keepWatch(const Switchboard &switchboard, Watchdog &watchdog)
{
    QObject::connect(&switchboard, &Switchboard::changed, &watchdog, [&switchboard, &watchdog] {
        const Intent &intent = switchboard.intent();
        watchdog.setNeeded(intent.home || intent.exit || intent.lockdown);
    });
}

/// What is, goes to meshd; what meshd finds out, into the next plan.
void introduce(Switchboard &switchboard, probe::MeshDesk &desk)
{
    QObject::connect(&switchboard, &Switchboard::looked, &desk, [&](const ObservedState &observed) {
        desk.show(probe::meshHome(switchboard.configuration(), switchboard.intent(), observed), observed);
    });
    QObject::connect(&desk, &probe::MeshDesk::wordChanged, &switchboard, &Switchboard::setMesh);
}

void repairWhatOthersTouch(const nft::TableMonitor &tables, LinuxKernel &kernel, Switchboard &switchboard)
{
    QObject::connect(
        &tables, &nft::TableMonitor::touched, &switchboard, [&](const QStringList &names, const QString &program) {
            for (const QString &name : names)
                kernel.distrustTable(name);
            switchboard.repairTables(names, program);
        });
}

/// The name comes last: whoever sees it gets answers.
Result<Done> takePlace(QDBusConnection &bus, Service &service)
{
    if (!bus.registerObject(QString::fromLatin1(kObjectPath), &service))
        return Error{Errc::Internal, u"The object %1 cannot be offered."_s.arg(QLatin1String(kObjectPath)), {}};
    if (!bus.registerService(QString::fromLatin1(kBusName)))
        return Error{Errc::NameTaken,
            u"The bus name %1 cannot be had: %2"_s.arg(QLatin1String(kBusName), bus.lastError().message()), {}};
    return Done{};
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const Options options = parseOptions(application);

    QDBusConnection bus = QDBusConnection::systemBus();
    if (!bus.isConnected())
        return fail(u"There is no system bus: %1"_s.arg(bus.lastError().message()));
    // A bus that restarts has forgotten us; the service manager starts us anew and we adopt what is there.
    bus.connect({}, u"/org/freedesktop/DBus/Local"_s, u"org.freedesktop.DBus.Local"_s, u"Disconnected"_s, &application,
        SLOT(quit()));

    StateStore store(options.state, options.run);
    SecretBox secrets;
    LinuxKernel kernel(secrets, pathsIn(options));
    dns::DnsPaths dnsPaths;
    dnsPaths.backup = options.state + u"/resolv.conf.before"_s;
    dns::SystemDns resolver(bus, dnsPaths);
    dns::DnsKernel resolvingKernel(kernel, resolver);
    Switchboard switchboard(store, secrets, resolvingKernel);
    const auto authorizer = polkitAuthorizer(bus);
    Service service(switchboard, *authorizer, bus);
    new Helper1Adaptor(&service);
    probe::MeshRoom mesh(kernel, secrets);
    new probe::MeshDoor(mesh.link(), probe::userNamed(options.meshUser), bus, &service);
    introduce(switchboard, mesh.desk());
    Watchdog watchdog(ServiceManager::fromEnvironment());
    keepWatch(switchboard, watchdog);
    const auto lookAgain = [&] {
        resolver.forgetSilence();
        switchboard.reconcileSoon();
    };
    SleepWatch sleep(bus);
    QObject::connect(&sleep, &SleepWatch::woke, &switchboard, lookAgain);

    // What is in them may have been changed while nobody watched.
    for (const char *table : {kPlumbingTable, kGuardTable})
        kernel.distrustTable(QLatin1String(table));
    if (const auto started = switchboard.start(); !started)
        return fail(started.error().detail);
    netlink::Monitor monitor(kernel.routeSocket());
    QObject::connect(&monitor, &netlink::Monitor::changed, &switchboard, &Switchboard::reconcileSoon);
    if (const auto watching = monitor.start(); !watching)
        return fail(watching.error().detail);
    dns::ResolverWatch resolverWatch(bus, dnsPaths.resolvConf);
    QObject::connect(&resolverWatch, &dns::ResolverWatch::changed, &switchboard, lookAgain);
    resolverWatch.start();
    nft::TableMonitor tables({QLatin1String(kPlumbingTable), QLatin1String(kGuardTable)}, kernel.tableSocket());
    repairWhatOthersTouch(tables, kernel, switchboard);
    // Without nftables there is no table of ours to watch; what needs one is refused when it is asked for.
    if (const auto watching = tables.start(); !watching)
        std::fprintf(stderr, "sallyport-helper: %s\n", qUtf8Printable(watching.error().detail));
    if (const auto ready = mesh.start(); !ready)
        std::fprintf(stderr, "sallyport-helper: %s\n", qUtf8Printable(ready.error().detail));
    if (const auto placed = takePlace(bus, service); !placed)
        return fail(placed.error().detail);
    const int code = QCoreApplication::exec();
    return bus.isConnected() ? code : fail(u"The system bus has gone."_s);
}
