// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/network_manager.h"
#include "mesh/session/sleep_watch.h"
#include "tests/support/private_bus.h"

#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusUnixFileDescriptor>
#include <QDBusVirtualObject>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <fcntl.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

/// As much of logind as is asked: gives locks and knows whether somebody still has one.
class FakeLogind : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")

public:
    explicit FakeLogind(const PrivateBus &bus) : m_caller(bus, kRoot)
    {
        m_caller.bus().registerObject(u"/org/freedesktop/login1"_s, this, QDBusConnection::ExportAllSlots);
    }
    void appear() { QVERIFY(m_caller.bus().registerService(u"org.freedesktop.login1"_s)); }
    void say(bool begins)
    {
        QDBusMessage signal = QDBusMessage::createSignal(
            u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"PrepareForSleep"_s);
        signal << begins;
        m_caller.bus().send(signal);
    }
    bool isPutOff() const
    {
        char byte = 0;
        return m_ours >= 0 && ::read(m_ours, &byte, 1) < 0; // the other end is open: nothing to read yet
    }
    int locks = 0;

public Q_SLOTS:
    QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &, const QString &, const QString &mode)
    {
        std::array<int, 2> ends{};
        if (what != u"sleep"_s || mode != u"delay"_s || pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            qFatal("not what logind is asked");
        ++locks;
        m_ours = ends[0];
        QDBusUnixFileDescriptor lock(ends[1]); // a copy
        ::close(ends[1]);
        return lock;
    }

private:
    Caller m_caller;
    int m_ours = -1;
};

/// NetworkManager, as its properties. Virtual: QtDBus answers questions for properties of other objects itself.
class FakeNetworkManager : public QDBusVirtualObject {
    Q_OBJECT

public:
    explicit FakeNetworkManager(const PrivateBus &bus) : m_caller(bus, kRoot)
    {
        for (const QString &path : {manager(), card()})
            m_caller.bus().registerVirtualObject(path, this);
        properties[manager()] = {{u"Connectivity"_s, 4U},
            {u"Devices"_s, QVariant::fromValue(QList<QDBusObjectPath>{QDBusObjectPath(card())})}};
        properties[card()] = {{u"Interface"_s, u"wwan0"_s}, {u"Metered"_s, 4U}};
    }
    void appear() { QVERIFY(m_caller.bus().registerService(u"org.freedesktop.NetworkManager"_s)); }
    void disappear() { m_caller.bus().unregisterService(u"org.freedesktop.NetworkManager"_s); }
    void change(const QString &path, const QString &name, const QVariant &value)
    {
        properties[path][name] = value;
        QDBusMessage signal
            = QDBusMessage::createSignal(path, u"org.freedesktop.DBus.Properties"_s, u"PropertiesChanged"_s);
        signal << (path == manager() ? u"org.freedesktop.NetworkManager"_s : u"org.freedesktop.NetworkManager.Device"_s)
               << QVariantMap{{name, value}} << QStringList();
        m_caller.bus().send(signal);
    }
    static QString manager() { return u"/org/freedesktop/NetworkManager"_s; }
    static QString card() { return u"/org/freedesktop/NetworkManager/Devices/1"_s; }

    std::map<QString, QVariantMap> properties;

    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override
    {
        return message.member() == u"GetAll"_s && connection.send(message.createReply(properties[message.path()]));
    }

private:
    Caller m_caller;
};

class MeshWatchesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sleepIsPutOffUntilEverythingIsSaid();
    void aLogindThatComesLaterIsAskedToo();
    void withoutLogindNothingHappens();
    void aPortalIsTold_whatIsOnlyLimitedIsNot();
    void cardsThatCostMoneyAreTold();
    void whenNetworkManagerGoes_nothingIsLeftOfIt();
};

void MeshWatchesTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void MeshWatchesTest::sleepIsPutOffUntilEverythingIsSaid()
{
    const PrivateBus bus;
    FakeLogind logind(bus);
    logind.appear();
    Caller caller(bus, kRoot);
    SleepWatch watch(caller.bus());
    bool wasPutOff = false;
    connect(&watch, &SleepWatch::sleepBegan, this, [&] { wasPutOff = logind.isPutOff(); });
    QSignalSpy began(&watch, &SleepWatch::sleepBegan);
    QSignalSpy woke(&watch, &SleepWatch::woke);
    watch.start();
    QTRY_VERIFY(logind.isPutOff());
    logind.say(true);
    QTRY_COMPARE(began.count(), 1);
    QVERIFY(wasPutOff);
    QTRY_VERIFY(!logind.isPutOff());
    QCOMPARE(woke.count(), 0);
    logind.say(false);
    QTRY_COMPARE(woke.count(), 1);
    QTRY_VERIFY(logind.locks == 2 && logind.isPutOff());
}

void MeshWatchesTest::aLogindThatComesLaterIsAskedToo()
{
    const PrivateBus bus;
    FakeLogind logind(bus);
    Caller caller(bus, kRoot);
    SleepWatch watch(caller.bus());
    watch.start();
    QTest::qWait(50);
    QCOMPARE(logind.locks, 0);
    logind.appear();
    QTRY_COMPARE(logind.locks, 1);
}

void MeshWatchesTest::withoutLogindNothingHappens()
{
    const PrivateBus bus;
    FakeLogind impostor(bus);
    Caller caller(bus, kRoot);
    SleepWatch watch(caller.bus());
    QSignalSpy began(&watch, &SleepWatch::sleepBegan);
    watch.start();
    impostor.say(true); // without the name
    QTest::qWait(100);
    QCOMPARE(began.count(), 0);
}

void MeshWatchesTest::aPortalIsTold_whatIsOnlyLimitedIsNot()
{
    const PrivateBus bus;
    FakeNetworkManager manager(bus);
    Caller caller(bus, kRoot);
    NetworkManagerWatch watch(caller.bus());
    QSignalSpy told(&watch, &NetworkManagerWatch::portalChanged);
    watch.start();
    manager.appear();
    manager.change(FakeNetworkManager::manager(), u"Connectivity"_s, 2U);
    QTRY_COMPARE(told.count(), 1);
    QCOMPARE(told.last().first().toBool(), true);
    manager.change(FakeNetworkManager::manager(), u"Connectivity"_s, 3U);
    QTRY_COMPARE(told.count(), 2);
    QCOMPARE(told.last().first().toBool(), false);
}

void MeshWatchesTest::cardsThatCostMoneyAreTold()
{
    const PrivateBus bus;
    FakeNetworkManager manager(bus);
    manager.appear();
    Caller caller(bus, kRoot);
    NetworkManagerWatch watch(caller.bus());
    QSignalSpy told(&watch, &NetworkManagerWatch::meteredChanged);
    manager.properties[FakeNetworkManager::card()][u"Metered"_s] = 3U;
    watch.start();
    QTRY_COMPARE(told.count(), 1);
    QCOMPARE(told.last().first().toStringList(), QStringList{u"wwan0"_s});
    manager.change(FakeNetworkManager::card(), u"Metered"_s, 2U);
    QTRY_COMPARE(told.count(), 2);
    QCOMPARE(told.last().first().toStringList(), QStringList());
}

void MeshWatchesTest::whenNetworkManagerGoes_nothingIsLeftOfIt()
{
    const PrivateBus bus;
    FakeNetworkManager manager(bus);
    manager.properties[FakeNetworkManager::card()][u"Metered"_s] = 1U;
    manager.properties[FakeNetworkManager::manager()][u"Connectivity"_s] = 2U;
    manager.appear();
    Caller caller(bus, kRoot);
    NetworkManagerWatch watch(caller.bus());
    QSignalSpy portal(&watch, &NetworkManagerWatch::portalChanged);
    QSignalSpy metered(&watch, &NetworkManagerWatch::meteredChanged);
    watch.start();
    QTRY_VERIFY(portal.count() == 1 && metered.count() == 1);
    manager.disappear();
    QTRY_VERIFY(portal.count() == 2 && metered.count() == 2);
    QCOMPARE(portal.last().first().toBool(), false);
    QCOMPARE(metered.last().first().toStringList(), QStringList());
}

QTEST_GUILESS_MAIN(MeshWatchesTest)
#include "mesh_watches_test.moc"
