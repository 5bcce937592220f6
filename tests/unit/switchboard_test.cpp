// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/board_world.h"

#include <QDir>
#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

class SwitchboardTest : public QObject, protected BoardWorld {
    Q_OBJECT

private Q_SLOTS:
    void init() { raise(); }
    void cleanup() { end(); }
    void bothSwitchesWorkInAnyOrder();
    void aRefusedSwitchLeavesTheSystemAsItWas();
    void anUnknownExitChangesNothing();
    void whatCannotBeKeptIsNotDone();
    void whatCannotBeKeptAfterTheAnswerIsTold();
    void afterACrashTheIntentIsTakenUpAgain();
    void aConfigurationWithoutTheExitSwitchesItOff();
    void ourOwnKeyAtAnotherDeviceIsRefused();
    void linksAreDeletedAfterTheAnswer();
    void troubleIsTriedAgainEverLaterAndForgottenWhenItIsOver();
    void anExitMayBeCalledPsk();
    void withoutNamesHomeWorksAllTheSame();
    void aResolverThatRefusesIsAskedEverLess();
    void tunnelsFollowTheWayOfTheirPackets();
    void whoAsksGetsWhatIsNow();
    void countersAloneAreToldOnlyToWhoWatches();
    void movingMakesUserSpaceChooseItsAddressAgain();
    void homeWorksWhileTheExitCannotBeBuilt_data();
    void homeWorksWhileTheExitCannotBeBuilt();
    void askingForAnExitThatCannotBeBuiltChangesNothing();
};

void SwitchboardTest::bothSwitchesWorkInAnyOrder()
{
    const IpAddress nas = *IpAddress::parse(u"10.42.1.4");
    const IpAddress web = *IpAddress::parse(u"203.0.113.80");
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QCOMPARE(m_kernel.route(web), Fate::ExitTunnel);
    QVERIFY(m_board->setIntent(homeTo(true)));
    QCOMPARE(m_kernel.route(nas), Fate::HomeTunnel);
    QCOMPARE(m_kernel.route(web), Fate::ExitTunnel);
    QVERIFY(m_board->setIntent(exitTo(u"vps"_s)));
    QCOMPARE(m_kernel.route(web), Fate::HomeTunnel);
    QVERIFY(m_board->setIntent(homeTo(false)));
    QCOMPARE(m_kernel.route(web), Fate::HomeTunnel);
    QVERIFY(m_board->setIntent(exitTo({})));
    QCOMPARE(m_kernel.route(web), Fate::Uplink);
    QVERIFY(isEmpty(m_kernel));
}

void SwitchboardTest::aRefusedSwitchLeavesTheSystemAsItWas()
{
    for (int at = 0; at < 100; ++at) {
        m_kernel.executed = 0;
        m_kernel.refuseAt = at;
        const auto refused = m_board->setIntent(homeTo(true));
        m_kernel.refuseAt.reset();
        if (refused) {
            QVERIFY(at > 20); // everything was done before that operation came up
            return;
        }
        QVERIFY(isEmpty(m_kernel));
        QCOMPARE(m_board->intent(), Intent{});
        QVERIFY(m_board->snapshot().lastError);
        QCOMPARE(m_board->snapshot().home.phase, Phase::Off);
    }
    QFAIL("Switching Home on never succeeded.");
}

void SwitchboardTest::anUnknownExitChangesNothing()
{
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    const auto refused = m_board->setIntent(exitTo(u"nowhere"_s));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::UnknownName);
    QCOMPARE(m_board->intent().exitName, u"se"_s);
}

void SwitchboardTest::whatCannotBeKeptIsNotDone()
{
    QVERIFY(QDir(m_folder->path() + u"/state"_s).removeRecursively());
    m_kernel.log.clear();
    const auto refused = m_board->setIntent(homeTo(true));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::StorageFailed);
    QVERIFY(m_kernel.log.empty());
}

void SwitchboardTest::whatCannotBeKeptAfterTheAnswerIsTold()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    QVERIFY(!m_board->snapshot().lastError);
    QVERIFY(QDir(m_folder->path() + u"/state"_s).removeRecursively());
    const quint64 before = m_board->snapshot().revision;
    std::vector<Snapshot> told;
    connect(m_board.get(), &Switchboard::changed, this, [&](const Snapshot &snapshot) { told.push_back(snapshot); });
    QTRY_COMPARE(told.size(), std::size_t(1));
    QVERIFY(told.front().lastError);
    QCOMPARE(told.front().lastError->code, Errc::StorageFailed);
    QVERIFY(told.front().revision > before);
    QCOMPARE(told.front().home.phase, Phase::Up);
    disconnect(m_board.get(), nullptr, this, nullptr);
    m_board->reconcileSoon(); // and it stays told
    QTest::qWait(100);
    QVERIFY(m_board->snapshot().lastError);
}

void SwitchboardTest::afterACrashTheIntentIsTakenUpAgain()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    const ObservedState before = m_kernel.state;
    m_kernel.log.clear();
    start(); // no event loop ran in between: nothing was settled
    QCOMPARE(m_board->intent().home, true);
    QVERIFY(m_kernel.log.empty());
    QCOMPARE(m_kernel.state.rules, before.rules);
}

void SwitchboardTest::aConfigurationWithoutTheExitSwitchesItOff()
{
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QVERIFY(m_board->configure({}, {}));
    QCOMPARE(m_board->intent(), Intent{});
    QVERIFY(isEmpty(m_kernel));
    QVERIFY(m_secrets.all().empty());
}

void SwitchboardTest::ourOwnKeyAtAnotherDeviceIsRefused()
{
    Configuration configuration = sample::configuration();
    configuration.home->devices[0].publicKey = m_secrets.known().at(homeSecretName()).publicKey;
    const auto refused = m_board->configure(configuration, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().place, u"home.devices[0].publicKey"_s);
    QCOMPARE(m_board->configuration(), sample::configuration());
}

void SwitchboardTest::linksAreDeletedAfterTheAnswer()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    QVERIFY(m_board->setIntent(homeTo(false)));
    QVERIFY(m_kernel.link(u"sally-home"_s));
    QVERIFY(m_kernel.link(u"sally-home"_s)->peers.empty());
    QTRY_VERIFY(!m_kernel.link(u"sally-home"_s));
}

void SwitchboardTest::movingMakesUserSpaceChooseItsAddressAgain()
{
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    m_kernel.link(u"sally-exit"_s)->backend = Backend::Userspace;
    m_kernel.log.clear();
    m_kernel.state.uplinks = sample::homeLan();
    m_board->reconcileSoon();
    const auto choosesAgain = [this] {
        return std::ranges::any_of(m_kernel.log, [](const Operation &operation) {
            const auto *change = std::get_if<ConfigureWireGuard>(&operation);
            return change && change->link == u"sally-exit"_s && change->mark && *change->mark != kExitMark
                && (*change->mark & kMarkMask) == kExitMark;
        });
    };
    QTRY_VERIFY(choosesAgain());
    QCOMPARE(m_kernel.link(u"sally-exit"_s)->mark, kExitMark);
}

void SwitchboardTest::troubleIsTriedAgainEverLaterAndForgottenWhenItIsOver()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    m_kernel.state.rules.clear(); // somebody flushed them
    m_kernel.log.clear();
    m_kernel.executed = 0;
    m_kernel.refuseAlways = true;
    m_board->reconcileSoon();
    QTRY_VERIFY(m_board->snapshot().lastError);
    for (int i = 0; i < 50; ++i) {
        m_board->reconcileSoon(); // as a burst of events would
        QTest::qWait(2);
    }
    QVERIFY2(m_kernel.log.size() <= 3, qPrintable(QString::number(m_kernel.log.size())));
    m_kernel.refuseAlways = false;
    QTRY_VERIFY(!m_kernel.state.rules.empty());
    QVERIFY(!m_board->snapshot().lastError);
}

void SwitchboardTest::anExitMayBeCalledPsk()
{
    Configuration configuration = sample::configuration();
    configuration.exits[0].name = u"psk"_s;
    QVERIFY(m_board->configure(configuration, secretsFor(configuration)));
    QVERIFY(m_board->setIntent(exitTo(u"psk"_s)));
    QCOMPARE(m_kernel.link(u"sally-exit"_s)->publicKey, m_secrets.find(exitSecretName(u"psk"_s))->publicKey());
    m_kernel.log.clear();
    m_board->reconcileSoon();
    QTest::qWait(100);
    QVERIFY(m_kernel.log.empty());
}

void SwitchboardTest::withoutNamesHomeWorksAllTheSame()
{
    m_kernel.hostsAreReadOnly = true;
    QVERIFY(m_board->setIntent(homeTo(true)));
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"10.42.1.4")), Fate::HomeTunnel);
    QCOMPARE(m_board->snapshot().conflicts.size(), std::size_t(1));
    QVERIFY(m_board->setIntent(homeTo(false)));
    QVERIFY(isEmpty(m_kernel));
    QVERIFY(m_board->snapshot().conflicts.empty());
}

void SwitchboardTest::aResolverThatRefusesIsAskedEverLess()
{
    m_kernel.state.dnsWay = DnsWay::Resolved;
    m_kernel.resolverRefuses = true;
    QVERIFY(m_board->setIntent(exitTo(u"se"_s))); // nobody answers, so there are four looks a second
    const auto timesAsked = [&] {
        return std::ranges::count_if(
            m_kernel.log, [](const Operation &each) { return std::holds_alternative<WriteDns>(each); });
    };
    const auto before = timesAsked();
    const int looks = m_kernel.looks;
    QTRY_VERIFY(m_kernel.looks > looks + 20);
    QVERIFY(timesAsked() > before);
    QVERIFY2(timesAsked() <= before + 3, qPrintable(QString::number(timesAsked() - before)));
    QVERIFY(!m_board->snapshot().conflicts.empty());
    m_kernel.resolverRefuses = false;
    m_board->reconcileSoon(); // it has come back
    QTRY_VERIFY(!m_kernel.state.dns.empty());
    QVERIFY(m_board->snapshot().conflicts.empty());
}

void SwitchboardTest::tunnelsFollowTheWayOfTheirPackets()
{
    const UnderlayPath small{kExitMark, *IpAddress::parse(u"198.51.100.7"), 1400};
    m_kernel.state.paths = {small};
    QVERIFY(m_board->setIntent(exitTo(u"se"_s)));
    QCOMPARE(m_kernel.link(u"sally-exit"_s)->mtu, 1320U);
    QVERIFY(m_board->setIntent(homeTo(true)));
    QCOMPARE(m_kernel.link(u"sally-home"_s)->mtu, 1420U);
    m_kernel.state.paths = {{kHomeMark, small.destination, 1380}};
    QTRY_COMPARE(m_kernel.link(u"sally-home"_s)->mtu, 1300U); // the next look finds it
    QCOMPARE(m_kernel.link(u"sally-exit"_s)->mtu, 1420U);
}

void SwitchboardTest::whoAsksGetsWhatIsNow()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    m_kernel.link(u"sally-home"_s)->peers.front().activity.handshakeAge = std::chrono::seconds(1);
    QTest::qWait(1100);
    const auto &peers = m_board->freshSnapshot().home.peers;
    QVERIFY(std::ranges::any_of(peers, [](const PeerSnapshot &peer) { return peer.phase == PeerPhase::Up; }));
}

void SwitchboardTest::countersAloneAreToldOnlyToWhoWatches()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    int told = 0;
    connect(m_board.get(), &Switchboard::changed, this, [&] { ++told; });
    PeerActivity &activity = m_kernel.link(u"sally-home"_s)->peers.front().activity;
    const auto lookAgain = [&] {
        const quint64 before = m_board->snapshot().revision;
        m_board->reconcileSoon();
        return QTest::qWaitFor([&] { return m_board->snapshot().revision != before; });
    };
    activity.receivedBytes += 1000;
    QVERIFY(lookAgain());
    QCOMPARE(told, 0);
    activity.handshakeAge = std::chrono::seconds(1);
    QVERIFY(lookAgain());
    QCOMPARE(told, 1);
    m_board->setWatched(true);
    activity.receivedBytes += 1000;
    QVERIFY(lookAgain());
    QCOMPARE(told, 2);
}

void SwitchboardTest::homeWorksWhileTheExitCannotBeBuilt_data()
{
    QTest::addColumn<bool>("home");
    QTest::addColumn<bool>("rebooted");
    QTest::addColumn<QString>("exit");
    QTest::addColumn<QString>("lostSecret");
    QTest::addColumn<QString>("told");
    const QString key = exitSecretName(u"se"_s);
    QTest::newRow("key lost, after a reboot") << true << true << u"se"_s << key << u"se has no key"_s;
    QTest::newRow("key lost, after a crash") << true << false << u"se"_s << key << u"se has no key"_s;
    QTest::newRow("key lost, without home") << false << true << u"se"_s << key << u"se has no key"_s;
    QTest::newRow("name gone, after a crash") << true << false << u"gone"_s << QString() << u"called gone"_s;
    QTest::newRow("home's key lost, which the exit needs")
        << false << false << u"vps"_s << homeSecretName() << u"Home has no key"_s;
}

void SwitchboardTest::homeWorksWhileTheExitCannotBeBuilt()
{
    QFETCH(const bool, home);
    QFETCH(const bool, rebooted);
    QFETCH(const QString, exit);
    QFETCH(const QString, lostSecret);
    QFETCH(const QString, told);
    QVERIFY(m_board->setIntent(homeTo(home)));
    QVERIFY(m_board->setIntent(exitTo(exit == u"gone"_s ? u"se"_s : exit)));
    SecretBox left = m_secrets.clone();
    QStringList names = secretNames(sample::configuration());
    names.removeAll(lostSecret);
    left.merge({}, names);
    QVERIFY(m_store->saveConfiguration(sample::configuration(), left));
    QVERIFY(m_store->saveIntent({home, true, exit, false}));
    if (rebooted)
        m_kernel.state = ObservedState();
    m_kernel.state.uplinks = sample::hotel();
    start();
    const Fate toNas = home ? Fate::HomeTunnel : Fate::Refused;
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"10.42.1.4")), toNas);
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"203.0.113.80")), Fate::Refused);
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"2001:db8::80")), Fate::Refused);
    QCOMPARE(m_board->snapshot().home.phase, home ? Phase::Up : Phase::Off);
    QCOMPARE(m_board->snapshot().exit.phase, Phase::Failed);
    QCOMPARE(m_board->snapshot().guard.state, GuardState::Blocked);
    QVERIFY(m_board->snapshot().lastError);
    QVERIFY2(m_board->snapshot().lastError->detail.contains(told), qPrintable(m_board->snapshot().lastError->detail));

    QVERIFY(m_board->setIntent(exitTo({})));
    QCOMPARE(m_kernel.route(*IpAddress::parse(u"203.0.113.80")), Fate::Uplink);
    QVERIFY(!m_board->snapshot().lastError);
}

void SwitchboardTest::askingForAnExitThatCannotBeBuiltChangesNothing()
{
    QVERIFY(m_board->setIntent(homeTo(true)));
    SecretBox left = m_secrets.clone();
    QStringList names = secretNames(sample::configuration());
    names.removeAll(exitSecretName(u"se"_s));
    left.merge({}, names);
    QVERIFY(m_store->saveConfiguration(sample::configuration(), left));
    start();
    const ObservedState before = m_kernel.state;
    m_kernel.log.clear();
    const auto refused = m_board->setIntent(exitTo(u"se"_s));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::NotConfigured);
    QVERIFY(!m_board->intent().exit);
    QVERIFY(m_kernel.log.empty());
    QCOMPARE(m_kernel.state, before);
    QCOMPARE(m_board->snapshot().home.phase, Phase::Up);
    QCOMPARE(m_board->snapshot().lastError, refused.error());
}

QTEST_GUILESS_MAIN(SwitchboardTest)
#include "switchboard_test.moc"
