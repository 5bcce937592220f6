// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/activity.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

PeerSnapshot peer(const QString &name, char key, PeerPhase phase, Via via = Via::Lan)
{
    PeerSnapshot one;
    one.name = name;
    one.publicKey = *PublicKey::parse(QString(42, QLatin1Char(key)) + u"A="_s);
    one.phase = phase;
    one.via = via;
    one.endpoint = u"10.41.1.4:53333"_s;
    return one;
}

Snapshot both()
{
    Snapshot snapshot;
    snapshot.home.configured = true;
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Up;
    snapshot.home.peers = {peer(u"nas"_s, 'n', PeerPhase::Up), peer(u"phone"_s, 'p', PeerPhase::Idle)};
    snapshot.exit.enabled = true;
    snapshot.exit.phase = Phase::Up;
    snapshot.exit.name = u"stockholm"_s;
    snapshot.guard.state = GuardState::Connected;
    return snapshot;
}

QStringList sentences(const Snapshot &before, const Snapshot &after)
{
    QStringList list;
    for (const Change &change : changesBetween(before, after))
        list += change.sentence;
    return list;
}

} // namespace

class ActivityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countersAndAgesAreNoChange();
    void switchingIsSaidBeforeWhatCameOfIt();
    void blockedIsSaidOnceAndUnblockedToo();
    void aPauseBeginsAndEnds();
    void aDeviceThatMovesIsSaid();
    void aDeviceThatFallsSilentIsSaidWithItsLastPlace();
    void devicesJoinAndLeave();
    void homeOffIsNotEveryDeviceLeaving();
    void devicesInAnotherOrderAreTheSame();
    void conflictsAndErrorsAreSaidOnce();
    void theServiceGoesAndComes();
    void onlyWhatIsWantedIsANotice();
};

void ActivityTest::countersAndAgesAreNoChange()
{
    Snapshot after = both();
    after.revision = 99;
    after.exit.activity.receivedBytes = 5'000'000;
    after.home.peers[0].activity.handshakeAge = 77s;
    QCOMPARE(sentences(both(), after), QStringList());
}

void ActivityTest::switchingIsSaidBeforeWhatCameOfIt()
{
    Snapshot off = both();
    off.home = {};
    off.exit = {};
    off.guard = {};
    QCOMPARE(sentences(off, both()),
        QStringList({u"Home was switched on."_s, u"Exit was switched on."_s, u"stockholm was chosen as the way out."_s,
            u"Home is on. 1 of 2 devices reachable."_s, u"Your way out is stockholm."_s,
            u"nas is reached on this network."_s}));
}

void ActivityTest::blockedIsSaidOnceAndUnblockedToo()
{
    Snapshot lost = both();
    lost.exit.phase = Phase::Failed;
    lost.guard.state = GuardState::Blocked;
    const auto changes = changesBetween(both(), lost);
    QCOMPARE(changes.size(), 1U);
    QVERIFY(changes[0].topic == Topic::Guard && changes[0].notice == NoticeKind::Blocked);
    QVERIFY(changes[0].sentence.contains(u"Internet is blocked so that nothing leaks"_s));
    QCOMPARE(sentences(lost, lost), QStringList());
    const auto back = changesBetween(lost, both());
    QCOMPARE(back.size(), 1U);
    QVERIFY(back[0].notice == NoticeKind::Blocked);
    Snapshot off = lost;
    off.exit.enabled = false;
    off.exit.phase = Phase::Off;
    off.guard.state = GuardState::Open;
    QVERIFY(sentences(lost, off).contains(u"Internet goes out as usual again."_s));
}

void ActivityTest::aPauseBeginsAndEnds()
{
    Snapshot paused = both();
    paused.guard.pausedUntil = std::chrono::sys_seconds(1'900'000'000s);
    paused.guard.state = GuardState::Open;
    paused.exit.phase = Phase::Off;
    const QStringList begun = sentences(both(), paused);
    QCOMPARE(begun.size(), 1);
    QVERIFY(begun[0].startsWith(u"Exit is paused until"_s));
    QCOMPARE(sentences(paused, both()), QStringList({u"The pause is over."_s, u"Your way out is stockholm."_s}));
}

void ActivityTest::aDeviceThatMovesIsSaid()
{
    Snapshot away = both();
    away.home.peers[0].via = Via::Public;
    away.home.peers[0].endpoint = u"123.45.67.89:54445"_s;
    QCOMPARE(sentences(both(), away), QStringList{u"nas is reached through the internet."_s});
    Snapshot roamed = away;
    roamed.home.peers[0].endpoint = u"123.45.67.90:54445"_s;
    QCOMPARE(sentences(away, roamed), QStringList{u"nas is now at 123.45.67.90:54445."_s});
}

void ActivityTest::aDeviceThatFallsSilentIsSaidWithItsLastPlace()
{
    Snapshot silent = both();
    silent.home.peers[0].phase = PeerPhase::Stale;
    QCOMPARE(sentences(both(), silent), QStringList{u"nas stopped answering. It was last seen at 10.41.1.4:53333."_s});
    Snapshot quiet = both();
    quiet.home.peers[0].phase = PeerPhase::Idle; // nobody spoke to it
    QCOMPARE(sentences(both(), quiet), QStringList());
}

void ActivityTest::devicesJoinAndLeave()
{
    Snapshot more = both();
    more.home.peers.push_back(peer(u"pi"_s, 'q', PeerPhase::Idle));
    QCOMPARE(sentences(both(), more), QStringList{u"pi is a new device."_s});
    QCOMPARE(sentences(more, both()), QStringList{u"pi was removed."_s});
    QVERIFY(changesBetween(both(), more)[0].notice == NoticeKind::DeviceJoined);
}

void ActivityTest::homeOffIsNotEveryDeviceLeaving()
{
    Snapshot off = both();
    off.home.enabled = false;
    off.home.phase = Phase::Off;
    off.home.peers.clear();
    QCOMPARE(sentences(both(), off), QStringList{u"Home was switched off."_s});
}

void ActivityTest::devicesInAnotherOrderAreTheSame()
{
    Snapshot turned = both();
    std::swap(turned.home.peers[0], turned.home.peers[1]);
    QCOMPARE(sentences(both(), turned), QStringList());
}

void ActivityTest::conflictsAndErrorsAreSaidOnce()
{
    Snapshot trouble = both();
    trouble.conflicts = {{u"Tailscale"_s, u"it uses its own exit."_s, {}}};
    trouble.lastError = Error{Errc::StorageFailed, u"disk full"_s, {}};
    QCOMPARE(sentences(both(), trouble),
        QStringList({u"Tailscale is in the way: it uses its own exit."_s, u"The change could not be saved."_s}));
    QCOMPARE(sentences(trouble, trouble), QStringList());
}

void ActivityTest::theServiceGoesAndComes()
{
    using State = Link::State;
    QVERIFY(changesBetween(State::Searching, State::Connected).empty());
    QCOMPARE(changesBetween(State::Connected, State::Lost).size(), 1U);
    QVERIFY(changesBetween(State::Lost, State::Lost).empty());
    QCOMPARE(changesBetween(State::Lost, State::Connected)[0].sentence, u"The background service is back."_s);
}

void ActivityTest::onlyWhatIsWantedIsANotice()
{
    const Notices all{true, true, true, true};
    const Notices none{false, false, false, false};
    for (const NoticeKind kind :
        {NoticeKind::Blocked, NoticeKind::ExitChanged, NoticeKind::DeviceJoined, NoticeKind::ServiceLost}) {
        QVERIFY(isWanted({Topic::Other, {}, kind}, all));
        QVERIFY(!isWanted({Topic::Other, {}, kind}, none));
    }
    QVERIFY(!isWanted({Topic::Home, {}, NoticeKind::None}, all));
}

QTEST_GUILESS_MAIN(ActivityTest)
#include "activity_test.moc"
