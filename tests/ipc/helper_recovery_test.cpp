// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/error_names.h"
#include "tests/ipc/configured_world.h"

#include <QFile>
#include <QTest>

#include <csignal>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

/// Somebody or something takes away what the helper has made, or the helper itself: it comes back without being asked.
class HelperRecoveryTest : public ConfiguredTest {
    Q_OBJECT

private:
    QByteArray m_off;
    QByteArray m_on;

    QByteArray present() const { return m_world->helper.system(); }
    void verifyComesBack(const QByteArray &before) { QTRY_COMPARE(difference(present(), before), QByteArray()); }
    void switchOn(const QVariantMap &change)
    {
        m_off = present();
        QCOMPARE(m_world->setIntent(change).errorMessage(), QString());
        m_on = present();
        QVERIFY(m_on != m_off);
    }
    void verifyClean()
    {
        QCOMPARE(m_world->configure({}).errorMessage(), QString());
        verifyComesBack(m_off);
    }
    void damage(const QString &file)
    {
        QFile opened(m_world->helper.outside(file));
        QVERIFY(opened.open(QIODevice::ReadWrite));
        QByteArray content = opened.readAll();
        content[content.size() / 2] = char(content.at(content.size() / 2) ^ 0x10);
        QVERIFY(opened.seek(0) && opened.write(content) == content.size());
    }

private Q_SLOTS:
    void takenAway_comesBack_data();
    void takenAway_comesBack();
    void wireguardProgramKilled_comesBack_data();
    void wireguardProgramKilled_comesBack();
    void deletedTable_comesBack();
    void killedHelper_adoptsWithoutTouchingSessions();
    void killedHelper_thenConfiguredEmpty_leavesNothing();
    void damagedConfiguration_isKeptAside();
    void damagedIntent_isKeptAside();
    void damagedCopyOfThisBoot_fallsBackToTheDurableOne();
    void crashWhileWriting_leavesNothingForGood();
};

void HelperRecoveryTest::takenAway_comesBack_data()
{
    QTest::addColumn<QStringList>("commands");
    QTest::newRow("home link") << QStringList{u"ip link delete sally-home"_s};
    QTest::newRow("exit link") << QStringList{u"ip link delete sally-exit"_s};
    QTest::newRow("both links") << QStringList{u"ip link delete sally-exit"_s, u"ip link delete sally-home"_s};
    QTest::newRow("link down") << QStringList{u"ip link set sally-home down"_s};
    QTest::newRow("mtu") << QStringList{u"ip link set sally-home mtu 1300"_s};
    QTest::newRow("address") << QStringList{u"ip address flush dev sally-home"_s};
    QTest::newRow("rules") << QStringList{u"ip -4 rule flush"_s, u"ip -6 rule flush"_s,
        u"ip -4 rule add from all lookup main pref 32766"_s, u"ip -4 rule add from all lookup default pref 32767"_s,
        u"ip -6 rule add from all lookup main pref 32766"_s};
    QTest::newRow("routes of home") << QStringList{
        u"ip -4 route flush table 2576"_s, u"ip -6 route flush table 2576"_s};
    QTest::newRow("routes of the exit") << QStringList{
        u"ip -4 route flush table 2592"_s, u"ip -6 route flush table 2592"_s};
    QTest::newRow("everything") << QStringList{u"ip link delete sally-home"_s, u"ip link delete sally-exit"_s,
        u"nft flush ruleset"_s, u"ip -4 route flush table 2592"_s};
}

void HelperRecoveryTest::takenAway_comesBack()
{
    QFETCH(QStringList, commands);
    switchOn({{u"home"_s, true}, {u"exit"_s, true}});
    run(u"kill -STOP %1"_s.arg(m_world->helper.processId()));
    for (const QString &command : commands)
        run(command);
    QVERIFY2(present() != m_on, "nothing was taken away");
    run(u"kill -CONT %1"_s.arg(m_world->helper.processId()));
    verifyComesBack(m_on);
    verifyClean();
}

void HelperRecoveryTest::wireguardProgramKilled_comesBack_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("KILL") << SIGKILL;
    QTest::newRow("TERM") << SIGTERM;
}

void HelperRecoveryTest::wireguardProgramKilled_comesBack()
{
    QFETCH(int, signal);
    switchOn({{u"home"_s, true}, {u"exit"_s, true}});
    for (const QString &link : {u"sally-home"_s, u"sally-exit"_s}) {
        const qint64 program = wireguardGo(m_world->helper, link);
        if (program == 0)
            QSKIP("the kernel itself does WireGuard here");
        QCOMPARE(::kill(pid_t(program), signal), 0);
        QTRY_VERIFY(wireguardGo(m_world->helper, link) != program);
        verifyComesBack(m_on);
        QVERIFY(wireguardGo(m_world->helper, link) != 0);
    }
    verifyClean();
    QTRY_COMPARE(wireguardGo(m_world->helper, u"sally-home"_s), qint64(0));
}

void HelperRecoveryTest::deletedTable_comesBack()
{
    switchOn({{u"home"_s, true}});
    run(u"kill -STOP %1"_s.arg(m_world->helper.processId()));
    run(u"nft delete table inet sallyport"_s);
    QVERIFY(!present().contains("table inet sallyport"));
    run(u"kill -CONT %1"_s.arg(m_world->helper.processId()));
    QTRY_VERIFY(m_world->helper.system().contains("table inet sallyport"));
    verifyComesBack(m_on);
}

void HelperRecoveryTest::killedHelper_adoptsWithoutTouchingSessions()
{
    switchOn({{u"home"_s, true}, {u"exit"_s, true}});
    const qint64 home = wireguardGo(m_world->helper, u"sally-home"_s);
    const qint64 exit = wireguardGo(m_world->helper, u"sally-exit"_s);
    const QByteArray numbered = m_world->helper.system();
    // What was on the way to a peer is counted; a peer that was made anew starts from 0.
    run(u"ping -c 1 -W 1 10.42.1.4"_s);
    const auto events = m_world->helper.stay({u"ip"_s, u"monitor"_s, u"all"_s});
    m_world->restart([this, &numbered] { QCOMPARE(m_world->helper.system(), numbered); });
    QCOMPARE(m_world->helper.system(), numbered);
    QCOMPARE(wireguardGo(m_world->helper, u"sally-home"_s), home);
    QCOMPARE(wireguardGo(m_world->helper, u"sally-exit"_s), exit);
    QCOMPARE(m_world->snapshot().home.phase, Phase::Up);
    events->terminate();
    events->waitForFinished();
    const QByteArray seen = events->readAllStandardOutput();
    QVERIFY2(!seen.contains("sally-") && !seen.contains("Deleted"), seen.constData());
    verifyClean();
}

void HelperRecoveryTest::killedHelper_thenConfiguredEmpty_leavesNothing()
{
    switchOn({{u"home"_s, true}, {u"exit"_s, true}});
    m_world->restart([] {});
    verifyClean();
    QCOMPARE(wireguardGo(m_world->helper, u"sally-home"_s), qint64(0));
    QCOMPARE(wireguardGo(m_world->helper, u"sally-exit"_s), qint64(0));
    QCOMPARE(m_world->helper.inside({u"ls"_s, u"/run/wireguard"_s}), QByteArray());
}

void HelperRecoveryTest::damagedConfiguration_isKeptAside()
{
    m_off = present();
    const QString file = m_world->helper.stateFolder() + u"/configuration"_s;
    QByteArray damaged;
    m_world->restart([&] {
        damage(file);
        damaged = m_world->helper.inside({u"cat"_s, file});
    });
    const Snapshot seen = m_world->snapshot();
    QVERIFY(seen.lastError && !seen.home.configured && !seen.home.enabled);
    QCOMPARE(seen.lastError->code, Errc::StorageFailed);
    QCOMPARE(faultOfSentence(seen.lastError->detail), QString());
    QVERIFY2(seen.lastError->detail.contains(file + u".damaged"_s), qPrintable(seen.lastError->detail));
    QCOMPARE(m_world->helper.inside({u"cat"_s, file + u".damaged"_s}), damaged);
    QCOMPARE(present(), m_off);
    QCOMPARE(m_world->configure(m_world->configuration).errorMessage(), QString());
    QVERIFY(!m_world->snapshot().lastError);
}

void HelperRecoveryTest::damagedIntent_isKeptAside()
{
    switchOn({{u"home"_s, true}, {u"exit"_s, true}});
    const QString quick = m_world->helper.runFolder() + u"/intent"_s;
    const QString durable = m_world->helper.stateFolder() + u"/intent"_s;
    m_world->restart([&] {
        damage(quick);
        damage(durable);
    });
    const Snapshot seen = m_world->snapshot();
    QVERIFY(seen.lastError && seen.home.configured && !seen.home.enabled);
    QCOMPARE(seen.lastError->code, Errc::StorageFailed);
    // Exit was on: nothing goes out in clear because somebody's file was lost.
    QCOMPARE(seen.guard.state, GuardState::Lockdown);
    QVERIFY(present().contains("table inet sallyport_guard"));
    for (const QString &file : {quick, durable})
        QVERIFY(!m_world->helper.inside({u"cat"_s, file + u".damaged"_s}).isEmpty());
    QCOMPARE(m_world->setIntent({{u"lockdown"_s, false}}).errorMessage(), QString());
    verifyComesBack(m_off);
}

void HelperRecoveryTest::damagedCopyOfThisBoot_fallsBackToTheDurableOne()
{
    switchOn({{u"home"_s, true}});
    const QString quick = m_world->helper.runFolder() + u"/intent"_s;
    m_world->restart([&] { damage(quick); });
    const Snapshot seen = m_world->snapshot();
    QVERIFY(seen.home.enabled && seen.lastError);
    QCOMPARE(seen.lastError->code, Errc::StorageFailed);
    QCOMPARE(present(), m_on);
}

void HelperRecoveryTest::crashWhileWriting_leavesNothingForGood()
{
    m_world->restart([this] {
        for (const char *name : {"intent.sallyport-abcdef", "configuration.sallyport-ABC123"}) {
            QFile left(m_world->helper.outside(m_world->helper.stateFolder() + u'/' + QLatin1String(name)));
            QVERIFY(left.open(QIODevice::WriteOnly) && left.write("half") == 4);
        }
    });
    QVERIFY2(!m_world->helper.kept().contains("half"), m_world->helper.kept().constData());
    QVERIFY(m_world->snapshot().home.configured);
}

QTEST_GUILESS_MAIN(HelperRecoveryTest)
#include "helper_recovery_test.moc"
