// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/single_instance.h"
#include "tests/gui/test_bus.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

#include <optional>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

QString sallyportProgram()
{
    return QCoreApplication::applicationDirPath() + u"/sallyport"_s;
}

/// The real program, with its own session and system bus.
struct Program {
    Program(TestBus &bus, const QStringList &arguments, const QString &token = {})
    {
        QProcessEnvironment environment = environmentWith(bus.address(), bus.address());
        if (!token.isEmpty())
            environment.insert(u"XDG_ACTIVATION_TOKEN"_s, token);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(sallyportProgram(), arguments);
    }
    ~Program()
    {
        process.kill();
        process.waitForFinished(kPatienceMs);
    }

    QProcess process;
};

} // namespace

class SingleInstanceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void secondOnTheBusRaisesTheFirstWithItsToken();
    void nameIsFreeAgainWhenTheFirstLeaves();
    void withoutABusTheLockDecides();
    void lockOfADeadOneIsTakenOver();
    void programStartsOnceAndASecondStartRaisesIt();
    void secondHiddenStartLeavesTheFirstAlone();
    void versionAndHelpNeedNoBus();
};

void SingleInstanceTest::secondOnTheBusRaisesTheFirstWithItsToken()
{
    TestBus bus;
    QTemporaryDir folder;
    SingleInstance first(bus.connect(), folder.path());
    SingleInstance second(bus.connect(), folder.path());
    QVERIFY(first.claim());
    QVERIFY(!second.claim());
    QSignalSpy raised(&first, &SingleInstance::raiseRequested);
    QSignalSpy told(&second, &SingleInstance::finished);
    second.raiseFirst(u"token-1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, kPatienceMs);
    QCOMPARE(told[0][0].toBool(), true);
    QCOMPARE(raised.size(), 1);
    QCOMPARE(raised[0][0].toString(), u"token-1"_s);
}

void SingleInstanceTest::nameIsFreeAgainWhenTheFirstLeaves()
{
    TestBus bus;
    QTemporaryDir folder;
    QDBusConnection here = bus.connect();
    const auto isTaken = [&] { return here.interface()->isServiceRegistered(u"org.sallyport.Sallyport"_s).value(); };
    {
        Program first(bus, {u"--hidden"_s});
        QTRY_VERIFY_WITH_TIMEOUT(isTaken(), kPatienceMs);
        QVERIFY(!SingleInstance(here, folder.path()).claim());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!isTaken(), kPatienceMs);
    QVERIFY(SingleInstance(here, folder.path()).claim());
}

void SingleInstanceTest::withoutABusTheLockDecides()
{
    const QDBusConnection none(u"no-such-connection"_s);
    QTemporaryDir folder;
    SingleInstance first(none, folder.path());
    SingleInstance second(none, folder.path());
    QVERIFY(first.claim());
    QVERIFY(!second.claim());
    QSignalSpy raised(&first, &SingleInstance::raiseRequested);
    QSignalSpy told(&second, &SingleInstance::finished);
    second.raiseFirst(u"token-2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, kPatienceMs);
    QCOMPARE(told[0][0].toBool(), true);
    QCOMPARE(raised.size(), 1);
    QCOMPARE(raised[0][0].toString(), u"token-2"_s);
}

void SingleInstanceTest::lockOfADeadOneIsTakenOver()
{
    const QDBusConnection none(u"no-such-connection"_s);
    QTemporaryDir folder;
    QFile socket(folder.filePath(u"org.sallyport.Sallyport.socket"_s));
    QVERIFY(socket.open(QIODevice::WriteOnly)); // in the way, as after a crash
    QFile lock(folder.filePath(u"org.sallyport.Sallyport.lock"_s));
    QVERIFY(lock.open(QIODevice::WriteOnly));
    lock.write("999999999\nsallyport\n");
    lock.close();
    SingleInstance first(none, folder.path());
    QVERIFY(first.claim());
    SingleInstance second(none, folder.path());
    QVERIFY(!second.claim());
    QSignalSpy told(&second, &SingleInstance::finished);
    second.raiseFirst({});
    QTRY_COMPARE_WITH_TIMEOUT(told.size(), 1, kPatienceMs);
    QVERIFY(told[0][0].toBool());
}

void SingleInstanceTest::programStartsOnceAndASecondStartRaisesIt()
{
    TestBus bus;
    FakeHelperProcess helper(bus);
    Program first(bus, {u"--hidden"_s});
    QTRY_VERIFY_WITH_TIMEOUT(helper.count(u"GetSnapshot"_s) >= 1, kPatienceMs);
    QCOMPARE(helper.count(u"Watch on"_s), 0); // no window
    Program second(bus, {}, u"token-3"_s);
    QVERIFY(second.process.waitForFinished(kPatienceMs));
    QCOMPARE(second.process.exitCode(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(helper.count(u"Watch on"_s), 1, kPatienceMs); // the first one's window
    QCOMPARE(first.process.state(), QProcess::Running);
}

void SingleInstanceTest::secondHiddenStartLeavesTheFirstAlone()
{
    TestBus bus;
    FakeHelperProcess helper(bus);
    Program first(bus, {u"--hidden"_s});
    QTRY_VERIFY_WITH_TIMEOUT(helper.count(u"GetSnapshot"_s) >= 1, kPatienceMs);
    Program second(bus, {u"--hidden"_s});
    QVERIFY(second.process.waitForFinished(kPatienceMs));
    QCOMPARE(second.process.exitCode(), 0);
    QCOMPARE(helper.count(u"Watch on"_s), 0);
}

void SingleInstanceTest::versionAndHelpNeedNoBus()
{
    for (const QString &option : {u"--version"_s, u"--help"_s}) {
        QProcess process;
        process.setProcessEnvironment(environmentWith(u"unix:path=/nowhere"_s, u"unix:path=/nowhere"_s));
        process.start(sallyportProgram(), {option});
        QVERIFY(process.waitForFinished(kPatienceMs));
        QCOMPARE(process.exitCode(), 0);
        const QString output = QString::fromUtf8(process.readAllStandardOutput());
        QVERIFY(output.contains(option == u"--version" ? u"sallyport 0."_s : u"--hidden"_s));
    }
}

QTEST_GUILESS_MAIN(SingleInstanceTest)
#include "single_instance_test.moc"
