// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/board_world.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

IntentChange pauseFor(quint32 seconds)
{
    IntentChange change;
    change.pauseSeconds = seconds;
    return change;
}

IntentChange lockdownTo(bool on)
{
    IntentChange change;
    change.lockdown = on;
    return change;
}

} // namespace

Q_DECLARE_METATYPE(sallyport::IntentChange)

/// Exit and lockdown that rest for a while.
class PauseTest : public QObject, protected BoardWorld {
    Q_OBJECT

private Q_SLOTS:
    void init() { raise(); }
    void cleanup() { end(); }
    void aPauseOpensEverythingButTheNextBoot();
    void aPauseEndsByItself();
    void touchingTheExitEndsAPause_data();
    void touchingTheExitEndsAPause();
    void aHelperThatStartsAnewProtects();
    void pausingWhatIsOffDoesNothing();
};

void PauseTest::aPauseOpensEverythingButTheNextBoot()
{
    const IpAddress web = *IpAddress::parse(u"203.0.113.80");
    QVERIFY(m_board->setIntent(lockdownTo(true)));
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    const QByteArray bootGuard = m_kernel.state.bootGuard;
    QVERIFY(!bootGuard.isEmpty());
    QVERIFY(m_board->setIntent(pauseFor(3600)));
    QCOMPARE(m_kernel.route(web), Fate::Uplink);
    QVERIFY(isEmpty(m_kernel));
    QCOMPARE(m_kernel.state.bootGuard, bootGuard);
    const Snapshot paused = m_board->snapshot();
    QVERIFY(paused.exit.enabled);
    QCOMPARE(paused.exit.phase, Phase::Off);
    QCOMPARE(paused.guard.state, GuardState::Open);
    QVERIFY(paused.guard.pausedUntil);
    QVERIFY(m_board->setIntent(homeTo(true))); // the other switch has nothing to do with it
    QVERIFY(m_board->snapshot().guard.pausedUntil);
    QVERIFY(m_board->setIntent(pauseFor(0)));
    QCOMPARE(m_kernel.route(web), Fate::ExitTunnel);
    QVERIFY(!m_board->snapshot().guard.pausedUntil);
    QCOMPARE(m_board->snapshot().exit.phase, Phase::Starting);
}

void PauseTest::aPauseEndsByItself()
{
    const IpAddress web = *IpAddress::parse(u"203.0.113.80");
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QVERIFY(m_board->setIntent(pauseFor(1)));
    QCOMPARE(m_kernel.route(web), Fate::Uplink);
    QTRY_COMPARE(m_kernel.route(web), Fate::ExitTunnel);
    QVERIFY(!m_board->snapshot().guard.pausedUntil);
    QVERIFY(!m_board->intent().pausedUntil);
}

void PauseTest::touchingTheExitEndsAPause_data()
{
    QTest::addColumn<IntentChange>("change");
    QTest::newRow("on") << exitTo(u"se"_s);
    QTest::newRow("another") << exitTo(u"vps"_s);
    QTest::newRow("off") << exitTo({});
    QTest::newRow("lockdown") << lockdownTo(true);
}

void PauseTest::touchingTheExitEndsAPause()
{
    QFETCH(IntentChange, change);
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QVERIFY(m_board->setIntent(pauseFor(3600)));
    QVERIFY(m_board->setIntent(change));
    QVERIFY(!m_board->snapshot().guard.pausedUntil);
    QCOMPARE(m_board->snapshot().guard.state == GuardState::Open, !m_board->intent().exit);
}

void PauseTest::aHelperThatStartsAnewProtects()
{
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QVERIFY(m_board->setIntent(pauseFor(3600)));
    start();
    QVERIFY(!m_board->snapshot().guard.pausedUntil);
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"203.0.113.80")), Fate::ExitTunnel);
}

void PauseTest::pausingWhatIsOffDoesNothing()
{
    QVERIFY(m_board->setIntent(pauseFor(3600)));
    QVERIFY(!m_board->snapshot().guard.pausedUntil);
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"203.0.113.80")), Fate::ExitTunnel);
}

QTEST_GUILESS_MAIN(PauseTest)
#include "pause_test.moc"
