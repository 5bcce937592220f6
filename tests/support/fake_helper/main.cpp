// SPDX-License-Identifier: GPL-2.0-or-later
// Plays sallyport-helper on a bus: fake_helper --bus ADDRESS [--play SCENARIO]... [--without-interface]
// Started by the bus itself it uses the bus that started it.
#include "helper1_adaptor.h"

#include "tests/support/fake_helper/control.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addOption({u"bus"_s, u"address of the bus"_s, u"address"_s, qEnvironmentVariable("DBUS_STARTER_ADDRESS")});
    parser.addOption({u"play"_s, u"scenario to begin with"_s, u"name"_s});
    parser.addOption({u"without-interface"_s, u"own the name but speak another interface"_s});
    parser.process(application);

    QDBusConnection bus = QDBusConnection::connectToBus(parser.value(u"bus"_s), u"fake-helper"_s);
    if (!bus.isConnected()) {
        std::fprintf(stderr, "fake_helper: %s\n", qPrintable(bus.lastError().message()));
        return 1;
    }
    sallyport::test::FakeHelper helper(bus);
    new Helper1Adaptor(&helper);
    sallyport::test::Control control(helper);
    for (const QString &scenario : parser.values(u"play"_s)) {
        if (!helper.play(scenario))
            return 2;
    }
    bus.registerObject(u"/org/sallyport/FakeHelper"_s, &control, QDBusConnection::ExportAllSlots);
    if (!parser.isSet(u"without-interface"_s))
        bus.registerObject(u"/org/sallyport/Helper"_s, &helper);
    if (!bus.registerService(u"org.sallyport.Helper"_s))
        return 3;
    return QCoreApplication::exec();
}
