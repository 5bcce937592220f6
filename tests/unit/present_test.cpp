// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/present.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Link connected()
{
    Link link;
    link.state = Link::State::Connected;
    return link;
}

PeerSnapshot peer(const QString &name, PeerPhase phase, Via via = Via::Unknown)
{
    PeerSnapshot one;
    one.name = name;
    one.phase = phase;
    one.via = via;
    return one;
}

Snapshot configured()
{
    Snapshot snapshot;
    snapshot.home.configured = true;
    snapshot.home.peers = {peer(u"nas"_s, PeerPhase::Idle), peer(u"desktop"_s, PeerPhase::Idle)};
    snapshot.exit.available = {u"stockholm"_s, u"nas"_s};
    return snapshot;
}

Snapshot homeIs(Phase phase)
{
    Snapshot snapshot = configured();
    snapshot.home.enabled = true;
    snapshot.home.phase = phase;
    return snapshot;
}

Snapshot exitIs(Phase phase, GuardState guard)
{
    Snapshot snapshot = configured();
    snapshot.exit.enabled = true;
    snapshot.exit.name = u"stockholm"_s;
    snapshot.exit.provider = u"mullvad"_s;
    snapshot.exit.phase = phase;
    snapshot.guard.state = guard;
    return snapshot;
}

} // namespace

Q_DECLARE_METATYPE(sallyport::Phase)
Q_DECLARE_METATYPE(sallyport::Glyph)
Q_DECLARE_METATYPE(sallyport::GuardState)
Q_DECLARE_METATYPE(sallyport::Link::State)
Q_DECLARE_METATYPE(sallyport::Errc)

class PresentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void houseShowsThePhaseOfHome_data();
    void houseShowsThePhaseOfHome();
    void shieldShowsExitAndGuard_data();
    void shieldShowsExitAndGuard();
    void bothOffIsSaidInOneSentence();
    void aPauseIsSaidWithItsEnd();
    void devicesAreCountedByThoseThatAnswer();
    void aSingleDeviceIsNamed();
    void homeAwayIsSaid();
    void silentDevicesAreNamedWithTheirSilence();
    void blockedSaysWhetherHomeStillWorks();
    void lockdownWithoutAnExitIsBlocked();
    void notSetUpSaysHowToSetUp();
    void checkMarksFollowTheSnapshotOnly();
    void pendingIsSaidInWords();
    void pendingExitNameIsSaidInWords();
    void exitsAreListedWithTheChosenOneMarked();
    void everyErrorHasASentenceAndAdvice_data();
    void everyErrorHasASentenceAndAdvice();
    void refusalGoesBeforeTheHelpersOwnTrouble();
    void conflictSaysWhoAndWhatToDo();
    void withoutAHelperNothingIsClaimed_data();
    void withoutAHelperNothingIsClaimed();
    void switchingOnWithoutAChosenExitTakesTheFirst();
    void singleFamilyExitSaysThatTheOtherIsBlocked();
    void trafficIsSummedOverDevices();
};

void PresentTest::houseShowsThePhaseOfHome_data()
{
    QTest::addColumn<Phase>("phase");
    QTest::addColumn<Glyph>("glyph");
    QTest::addColumn<QString>("state");
    QTest::newRow("starting") << Phase::Starting << Glyph::Starting << u"Starting…"_s;
    QTest::newRow("enabled but nothing done yet") << Phase::Off << Glyph::Starting << u"Starting…"_s;
    QTest::newRow("up") << Phase::Up << Glyph::On << u"On"_s;
    QTest::newRow("stale") << Phase::Stale << Glyph::Doubtful << u"On, no answer"_s;
    QTest::newRow("failed") << Phase::Failed << Glyph::Attention << u"Failed"_s;
}

void PresentTest::houseShowsThePhaseOfHome()
{
    QFETCH(Phase, phase);
    QFETCH(Glyph, glyph);
    QFETCH(QString, state);
    const TrayModel model = present(homeIs(phase), connected());
    QCOMPARE(model.home.glyph, glyph);
    QCOMPARE(model.home.state, state);
    QVERIFY(model.home.checked);
    QCOMPARE(model.exit.glyph, Glyph::Off);
    QVERIFY(!model.exit.checked);
}

void PresentTest::shieldShowsExitAndGuard_data()
{
    QTest::addColumn<Phase>("phase");
    QTest::addColumn<GuardState>("guard");
    QTest::addColumn<Glyph>("glyph");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("starting") << Phase::Starting << GuardState::Connecting << Glyph::Starting
                              << u"Asking stockholm to answer…"_s;
    QTest::newRow("starting behind a closed guard")
        << Phase::Starting << GuardState::Blocked << Glyph::Starting << u"Asking stockholm to answer…"_s;
    QTest::newRow("up") << Phase::Up << GuardState::Connected << Glyph::On << u"Your way out is stockholm."_s;
    QTest::newRow("up in lockdown") << Phase::Up << GuardState::Lockdown << Glyph::On
                                    << u"Your way out is stockholm."_s;
    QTest::newRow("stale") << Phase::Stale << GuardState::Connected << Glyph::Doubtful
                           << u"Your way out is stockholm, but it has not answered for a while."_s;
    QTest::newRow("lost") << Phase::Stale << GuardState::Blocked << Glyph::Blocked
                          << u"stockholm stopped answering. Internet is blocked so that nothing leaks."_s;
    QTest::newRow("failed, open") << Phase::Failed << GuardState::Open << Glyph::Attention
                                  << u"stockholm does not answer."_s;
    QTest::newRow("failed, closed") << Phase::Failed << GuardState::Blocked << Glyph::Blocked
                                    << u"stockholm does not answer. Internet is blocked so that nothing leaks."_s;
}

void PresentTest::shieldShowsExitAndGuard()
{
    QFETCH(Phase, phase);
    QFETCH(GuardState, guard);
    QFETCH(Glyph, glyph);
    QFETCH(QString, sentence);
    const TrayModel model = present(exitIs(phase, guard), connected());
    QCOMPARE(model.exit.glyph, glyph);
    QCOMPARE(model.sentence, u"Home is off. "_s + sentence);
    QCOMPARE(model.home.glyph, Glyph::Off);
}

void PresentTest::aPauseIsSaidWithItsEnd()
{
    Snapshot snapshot = homeIs(Phase::Up);
    snapshot.exit.enabled = true;
    snapshot.exit.name = u"stockholm"_s;
    snapshot.guard = {GuardState::Open, u"Paused."_s, std::chrono::sys_seconds(std::chrono::seconds(1790000000))};
    const TrayModel model = present(snapshot, connected());
    QCOMPARE(model.exit.glyph, Glyph::Off);
    QCOMPARE(model.exit.state, u"Paused"_s);
    const QString end = QLocale().toString(QDateTime::fromSecsSinceEpoch(1790000000).time(), QLocale::ShortFormat);
    QVERIFY2(model.sentence.contains(end), qPrintable(model.sentence));
}

void PresentTest::bothOffIsSaidInOneSentence()
{
    const TrayModel model = present(configured(), connected());
    QCOMPARE(model.sentence, u"Home and Exit are off. Internet goes out as usual."_s);
    QCOMPARE(model.tooltip, model.sentence);
    QCOMPARE(model.home.menuText, u"Home"_s);
    QCOMPARE(model.exit.menuText, u"Exit"_s);
    QVERIFY(model.trouble.isEmpty());
}

void PresentTest::devicesAreCountedByThoseThatAnswer()
{
    Snapshot snapshot = homeIs(Phase::Up);
    snapshot.home.peers = {peer(u"a"_s, PeerPhase::Up, Via::Lan), peer(u"b"_s, PeerPhase::Idle),
        peer(u"c"_s, PeerPhase::Up, Via::Public), peer(u"d"_s, PeerPhase::Stale)};
    QCOMPARE(present(snapshot, connected()).sentence, u"Home is on. 2 of 4 devices reachable. Exit is off."_s);
    for (PeerSnapshot &one : snapshot.home.peers)
        one.phase = PeerPhase::Idle;
    QCOMPARE(present(snapshot, connected()).sentence, u"Home is on. No device has answered yet. Exit is off."_s);
    snapshot.home.peers.clear();
    QCOMPARE(present(snapshot, connected()).sentence, u"Home is on. There is no other device yet. Exit is off."_s);
}

void PresentTest::aSingleDeviceIsNamed()
{
    Snapshot snapshot = homeIs(Phase::Up);
    snapshot.home.peers = {peer(u"nas"_s, PeerPhase::Up, Via::Lan)};
    QCOMPARE(present(snapshot, connected()).sentence, u"Home is on. nas answers. Exit is off."_s);
}

void PresentTest::homeAwayIsSaid()
{
    Snapshot snapshot = homeIs(Phase::Up);
    snapshot.home.peers = {peer(u"nas"_s, PeerPhase::Up, Via::Public), peer(u"pi"_s, PeerPhase::Idle)};
    const TrayModel away = present(snapshot, connected());
    QCOMPARE(away.sentence, u"Home is on through the internet. 1 of 2 devices reachable. Exit is off."_s);
    QVERIFY(away.home.lines.contains(u"nas through the internet"_s));
    snapshot.home.peers[0].via = Via::Lan;
    const TrayModel here = present(snapshot, connected());
    QCOMPARE(here.sentence, u"Home is on. 1 of 2 devices reachable. Exit is off."_s);
    QVERIFY(here.home.lines.contains(u"nas on this network"_s));
}

void PresentTest::silentDevicesAreNamedWithTheirSilence()
{
    Snapshot snapshot = homeIs(Phase::Stale);
    snapshot.home.peers = {peer(u"nas"_s, PeerPhase::Stale)};
    snapshot.home.peers[0].activity.handshakeAge = 12min + 30s;
    const TrayModel model = present(snapshot, connected());
    QVERIFY(model.home.lines.contains(u"nas has not answered for 12 min"_s));
    QCOMPARE(model.sentence, u"Home is on, but no device answers. Exit is off."_s);
    snapshot.home.peers[0].activity.handshakeAge.reset();
    QVERIFY(present(snapshot, connected()).home.lines.contains(u"nas has not answered yet"_s));
}

void PresentTest::blockedSaysWhetherHomeStillWorks()
{
    Snapshot snapshot = exitIs(Phase::Stale, GuardState::Blocked);
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Up;
    const TrayModel model = present(snapshot, connected());
    QVERIFY(model.sentence.endsWith(
        u"stockholm stopped answering. Internet is blocked so that nothing leaks; Home still works."_s));
    QCOMPARE(model.exit.state, u"Blocked"_s);
    QCOMPARE(model.exit.menuText, u"Exit – Blocked"_s);
}

void PresentTest::lockdownWithoutAnExitIsBlocked()
{
    Snapshot snapshot = configured();
    snapshot.guard.state = GuardState::Lockdown;
    const TrayModel model = present(snapshot, connected());
    QCOMPARE(model.exit.glyph, Glyph::Blocked);
    QVERIFY(!model.exit.checked);
    QCOMPARE(model.sentence, u"Home is off. Internet is blocked until an exit is on."_s);
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Up;
    QVERIFY(present(snapshot, connected())
                .sentence.endsWith(u"Internet is blocked until an exit is on. Home still works."_s));
}

void PresentTest::notSetUpSaysHowToSetUp()
{
    const TrayModel model = present(Snapshot{}, connected());
    QCOMPARE(model.sentence, u"Home is not set up yet. Exit is off."_s);
    QVERIFY(!model.home.enabled);
    QVERIFY(!model.exit.enabled);
    QCOMPARE(model.home.menuText, u"Home – Not set up"_s);
    QVERIFY(model.home.lines.join(u' ').contains(u"sally apply"_s));
    QVERIFY(model.exit.lines.join(u' ').contains(u"sally import"_s));
}

void PresentTest::checkMarksFollowTheSnapshotOnly()
{
    Link link = connected();
    link.pending.home = true;
    link.pending.exit = true;
    const TrayModel asked = present(configured(), link);
    QVERIFY(!asked.home.checked);
    QVERIFY(!asked.exit.checked);
    QCOMPARE(asked.home.glyph, Glyph::Off);
}

void PresentTest::pendingIsSaidInWords()
{
    Link link = connected();
    link.pending.home = true;
    const TrayModel on = present(configured(), link);
    QVERIFY(on.home.busy);
    QVERIFY(!on.exit.busy);
    QCOMPARE(on.home.menuText, u"Home – Switching on…"_s);
    link.pending.home = false;
    QCOMPARE(present(homeIs(Phase::Up), link).home.menuText, u"Home – Switching off…"_s);
}

void PresentTest::pendingExitNameIsSaidInWords()
{
    Link link = connected();
    link.pending.exitName = u"nas"_s;
    const TrayModel model = present(exitIs(Phase::Up, GuardState::Connected), link);
    QVERIFY(model.exit.busy);
    QCOMPARE(model.exit.menuText, u"Exit – Changing…"_s);
}

void PresentTest::exitsAreListedWithTheChosenOneMarked()
{
    const TrayModel model = present(exitIs(Phase::Up, GuardState::Connected), connected());
    const std::vector<ExitRow> expected{{u"stockholm"_s, true}, {u"nas"_s, false}};
    QCOMPARE(model.exits, expected);
    QCOMPARE(exitChosen(u"nas"_s).exitName, std::optional(u"nas"_s));
    QCOMPARE(exitChosen(u"nas"_s).exit, std::optional(true));
}

void PresentTest::everyErrorHasASentenceAndAdvice_data()
{
    QTest::addColumn<Errc>("code");
    for (int code = 0; code <= static_cast<int>(Errc::Internal); ++code)
        QTest::addRow("%d", code) << static_cast<Errc>(code);
}

void PresentTest::everyErrorHasASentenceAndAdvice()
{
    QFETCH(Errc, code);
    Link link = connected();
    link.refusal = Error{code, u"what the helper said"_s, u"home.devices[1]"_s};
    const TrayModel model = present(configured(), link);
    QVERIFY(model.trouble.what.endsWith(u'.'));
    QVERIFY(model.trouble.todo.endsWith(u'.'));
    QCOMPARE(model.trouble.detail, u"home.devices[1]: what the helper said"_s);
    QCOMPARE(model.tooltip, QString(model.sentence + u'\n' + model.trouble.what));
}

void PresentTest::refusalGoesBeforeTheHelpersOwnTrouble()
{
    Snapshot snapshot = configured();
    snapshot.lastError = Error{Errc::KernelRefused, u"from the snapshot"_s, {}};
    QCOMPARE(present(snapshot, connected()).trouble.detail, u"from the snapshot"_s);
    Link link = connected();
    link.refusal = Error{Errc::NotAuthorized, u"from the reply"_s, {}};
    QCOMPARE(present(snapshot, link).trouble.detail, u"from the reply"_s);
}

void PresentTest::conflictSaysWhoAndWhatToDo()
{
    Snapshot snapshot = configured();
    snapshot.conflicts = {{u"Tailscale"_s, u"it uses its own exit."_s, u"Switch its exit off."_s}};
    const TrayModel model = present(snapshot, connected());
    QCOMPARE(model.trouble.what, u"Tailscale is in the way: it uses its own exit."_s);
    QCOMPARE(model.trouble.todo, u"Switch its exit off."_s);
}

void PresentTest::withoutAHelperNothingIsClaimed_data()
{
    QTest::addColumn<Link::State>("state");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("absent") << Link::State::Absent << u"The background service is not installed."_s;
    QTest::newRow("lost") << Link::State::Lost
                          << u"The background service has stopped. What it switched on stays as it was."_s;
    QTest::newRow("no bus") << Link::State::NoBus
                            << u"The system bus cannot be reached, and the background service only through it."_s;
    QTest::newRow("unreadable") << Link::State::Unreadable << u"The background service does not say what is on."_s;
    QTest::newRow("other version") << Link::State::OtherVersion
                                   << u"Sallyport and its background service are of different versions."_s;
}

void PresentTest::withoutAHelperNothingIsClaimed()
{
    QFETCH(Link::State, state);
    QFETCH(QString, sentence);
    Link link;
    link.state = state;
    const TrayModel model = present(homeIs(Phase::Up), link);
    QCOMPARE(model.sentence, sentence);
    QVERIFY(!model.trouble.todo.isEmpty());
    QVERIFY(!model.home.checked);
    QVERIFY(!model.home.enabled);
    QCOMPARE(model.home.glyph, Glyph::Attention);
    QCOMPARE(model.exit.glyph, Glyph::Attention);
    QVERIFY(model.exits.empty());
}

void PresentTest::switchingOnWithoutAChosenExitTakesTheFirst()
{
    Snapshot snapshot = configured();
    QCOMPARE(exitSwitched(snapshot, true).exitName, std::optional(u"stockholm"_s));
    QCOMPARE(exitSwitched(snapshot, false).exitName, std::optional<QString>());
    snapshot.exit.name = u"nas"_s;
    QCOMPARE(exitSwitched(snapshot, true).exitName, std::optional<QString>());
    QCOMPARE(exitSwitched(snapshot, true).exit, std::optional(true));
    QCOMPARE(homeSwitched(true).home, std::optional(true));
    QCOMPARE(homeSwitched(true).exit, std::optional<bool>());
}

void PresentTest::singleFamilyExitSaysThatTheOtherIsBlocked()
{
    Snapshot snapshot = exitIs(Phase::Up, GuardState::Connected);
    snapshot.exit.families = {Family::IPv4};
    QVERIFY(present(snapshot, connected()).exit.lines.contains(u"IPv4 only; IPv6 is blocked"_s));
    snapshot.exit.families = {Family::IPv4, Family::IPv6};
    QVERIFY(!present(snapshot, connected()).exit.lines.join(u' ').contains(u"only"_s));
}

void PresentTest::trafficIsSummedOverDevices()
{
    QLocale::setDefault(QLocale::C);
    Snapshot snapshot = homeIs(Phase::Up);
    snapshot.home.peers[0].activity.receivedBytes = 1'000'000;
    snapshot.home.peers[1].activity.receivedBytes = 500'000;
    snapshot.home.peers[1].activity.sentBytes = 2'000;
    QVERIFY(present(snapshot, connected()).home.lines.contains(u"1.5 MB received, 2.0 kB sent"_s));
}

QTEST_GUILESS_MAIN(PresentTest)
#include "present_test.moc"
