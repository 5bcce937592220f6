// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/helper_world.h"

#include <QDBusConnectionInterface>
#include <QDBusError>
#include <QTest>

#include <csignal>
#include <vector>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kMaximumCallers = 384; ///< docs/dbus.md

QString watch(Caller &caller, bool on = true)
{
    QDBusPendingCall call = HelperWorld::call(caller, u"Watch"_s, {on});
    call.waitForFinished();
    return call.error().name();
}

/// As `dbus-send` does: the message is on its way, the program has ended.
void watchAndEnd(const PrivateBus &bus)
{
    Caller caller(bus, kSomebody);
    QDBusMessage message = QDBusMessage::createMethodCall(
        u"org.sallyport.Helper"_s, u"/org/sallyport/Helper"_s, u"org.sallyport.Helper1"_s, u"Watch"_s);
    message << true;
    QVERIFY(caller.bus().send(message));
    QVERIFY(caller.bus().interface()->isServiceRegistered(caller.name())); // so the bus has taken the message
}

} // namespace

/// Programs that watch, more of them than there is room for, and such that do not stay.
class HelperWatchersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whoHasEndedDoesNotWatch();
    void thereIsALimitAndLeavingMakesRoom();
};

void HelperWatchersTest::initTestCase()
{
    if (const QString obstacle = polkitDaemonObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void HelperWatchersTest::whoHasEndedDoesNotWatch()
{
    HelperWorld world;
    Caller stays(world.bus, kSomebody);
    QCOMPARE(watch(stays, false), QString());
    QCOMPARE(::kill(pid_t(world.processId()), SIGSTOP), 0);
    for (int i = 0; i < kMaximumCallers; ++i)
        watchAndEnd(world.bus);
    QCOMPARE(::kill(pid_t(world.processId()), SIGCONT), 0);
    QTRY_COMPARE(watch(stays), QString());
}

void HelperWatchersTest::thereIsALimitAndLeavingMakesRoom()
{
    HelperWorld world;
    std::vector<std::unique_ptr<Caller>> callers;
    for (int i = 0; i < kMaximumCallers; ++i) {
        callers.push_back(std::make_unique<Caller>(world.bus, i % 2 == 0 ? kSomebody : kSomebodyElse));
        QCOMPARE(watch(*callers.back()), QString());
    }
    Caller next(world.bus, kSomebody);
    QCOMPARE(watch(next), u"org.sallyport.Error.LimitExceeded"_s);
    QCOMPARE(watch(*callers.front()), QString());
    QCOMPARE(watch(*callers.front(), false), QString());
    QCOMPARE(watch(next), QString());
    Caller last(world.bus, kSomebody);
    QCOMPARE(watch(last), u"org.sallyport.Error.LimitExceeded"_s);
    callers.pop_back();
    QTRY_COMPARE(watch(last), QString());
    QVERIFY(world.runs());
}

QTEST_GUILESS_MAIN(HelperWatchersTest)
#include "helper_watchers_test.moc"
