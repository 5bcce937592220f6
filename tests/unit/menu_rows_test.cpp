// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/snapshot_of.h"
#include "core/present/menu_rows.h"
#include "core/present/present.h"
#include "core/wire/snapshot_codec.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

PeerSnapshot peer(const QString &name, PeerPhase phase, bool offersExit = false)
{
    PeerSnapshot one;
    one.name = name;
    one.phase = phase;
    one.addresses = QStringList{u"10.42.1.4"_s};
    one.offersExit = offersExit;
    return one;
}

QStringList namesOf(const std::vector<ExitRow> &rows)
{
    QStringList names;
    for (const ExitRow &row : rows)
        names += row.name;
    return names;
}

ExitSnapshot manyExits(int count)
{
    ExitSnapshot exit;
    for (int number = 0; number < count; ++number)
        exit.available += u"exit-%1"_s.arg(number);
    return exit;
}

} // namespace

class MenuRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fewExitsAreAllThereFavouritesFirst();
    void ofManyExitsOnlyKnownOnesAreThere();
    void exitsThatAreGoneAreLeftOut();
    void devicesThatAnswerComeFirst();
    void onlyADeviceWithAnExitCanBeUsedAsOne();
    void pauseIsOfferedWhileThereIsSomethingToPause();
    void lockdownIsWhatTheHelperSays();
    void theExitUsedLastIsRemembered();
    void middleClickTogglesTheExitUsedLast();
};

void MenuRowsTest::fewExitsAreAllThereFavouritesFirst()
{
    ExitSnapshot exit = manyExits(4);
    exit.name = u"exit-2"_s;
    const auto rows = menuExits(exit, {{u"exit-2"_s, u"exit-3"_s}, {u"exit-3"_s}});
    QCOMPARE(namesOf(rows), QStringList({u"exit-3"_s, u"exit-2"_s, u"exit-0"_s, u"exit-1"_s}));
    QVERIFY(rows[0].group == ExitGroup::Favourite && rows[1].group == ExitGroup::Recent);
    QVERIFY(rows[1].checked && !rows[0].checked);
}

void MenuRowsTest::ofManyExitsOnlyKnownOnesAreThere()
{
    QCOMPARE(
        namesOf(menuExits(manyExits(500), {{u"exit-7"_s}, {u"exit-9"_s}})), QStringList({u"exit-9"_s, u"exit-7"_s}));
    QCOMPARE(menuExits(manyExits(500), {}).size(), 12U); // better some than none
    Link link;
    link.state = Link::State::Connected;
    Snapshot snapshot;
    snapshot.exit = manyExits(500);
    QVERIFY(present(snapshot, link).hasMoreExits);
    snapshot.exit = manyExits(3);
    QVERIFY(!present(snapshot, link).hasMoreExits);
}

void MenuRowsTest::exitsThatAreGoneAreLeftOut()
{
    QCOMPARE(namesOf(menuExits(manyExits(1), {{u"gone"_s}, {u"gone too"_s}})), QStringList({u"exit-0"_s}));
}

void MenuRowsTest::devicesThatAnswerComeFirst()
{
    Snapshot snapshot;
    snapshot.home.peers = {peer(u"b"_s, PeerPhase::Down), peer(u"c"_s, PeerPhase::Up), peer(u"a"_s, PeerPhase::Up)};
    const auto rows = menuDevices(snapshot);
    QCOMPARE(rows.size(), 3U);
    QCOMPARE(rows[0].name + rows[1].name + rows[2].name, u"acb"_s);
    QVERIFY(rows[1].isOnline && !rows[2].isOnline);
}

void MenuRowsTest::onlyADeviceWithAnExitCanBeUsedAsOne()
{
    Snapshot snapshot;
    snapshot.home.peers = {peer(u"nas"_s, PeerPhase::Up, true), peer(u"pi"_s, PeerPhase::Up, true)};
    snapshot.exit.available = QStringList{u"nas"_s};
    const auto rows = menuDevices(snapshot);
    QCOMPARE(rows[0].exitName, u"nas"_s);
    QCOMPARE(rows[1].exitName, QString());
}

void MenuRowsTest::pauseIsOfferedWhileThereIsSomethingToPause()
{
    Snapshot snapshot;
    QVERIFY(!pauseModel(snapshot).isOffered);
    snapshot.guard.lockdown = true;
    QVERIFY(pauseModel(snapshot).isOffered);
    snapshot.guard.pausedUntil = std::chrono::sys_seconds(1'700'000'000s);
    QVERIFY(pauseModel(snapshot).isPaused);
    QVERIFY(pauseModel(snapshot).title.startsWith(u"Exit is paused until"_s));
}

void MenuRowsTest::lockdownIsWhatTheHelperSays()
{
    Snapshot snapshot;
    snapshot.exit.enabled = true;
    snapshot.guard.state = GuardState::Connected;
    QVERIFY(!lockdownModel(snapshot).checked);
    snapshot.guard.lockdown = true;
    QVERIFY(lockdownModel(decodeSnapshot(encodeSnapshot(snapshot))).checked);
    Intent intent{.home = false, .exit = true, .exitName = {}, .lockdown = true};
    QVERIFY(snapshotOf({}, intent, {}, 0ms).guard.lockdown);
    intent.pausedUntil = std::chrono::sys_seconds(1'900'000'000s); // wanted all the same
    QVERIFY(snapshotOf({}, intent, {}, 0ms).guard.lockdown);
    intent.lockdown = false;
    QVERIFY(!snapshotOf({}, intent, {}, 0ms).guard.lockdown);
}

void MenuRowsTest::theExitUsedLastIsRemembered()
{
    Habits habits;
    for (const QString &name : {u"a"_s, u"b"_s, u"a"_s, u"c"_s, u"d"_s, u"e"_s, u"f"_s, QString()})
        habits = withUsedExit(habits, name);
    QCOMPARE(habits.recentExits, QStringList({u"f"_s, u"e"_s, u"d"_s, u"c"_s, u"a"_s}));
    QCOMPARE(withFavouriteToggled(withFavouriteToggled(habits, u"x"_s), u"x"_s), habits);
}

void MenuRowsTest::middleClickTogglesTheExitUsedLast()
{
    Snapshot snapshot;
    snapshot.exit = manyExits(3);
    const Habits habits{{u"gone"_s, u"exit-2"_s}, {}};
    QCOMPARE(lastExitToggled(snapshot, habits).exitName, std::optional(u"exit-2"_s));
    snapshot.exit.name = u"exit-1"_s;
    QVERIFY(!lastExitToggled(snapshot, habits).exitName); // it is chosen already
    QCOMPARE(lastExitToggled(snapshot, habits).exit, std::optional(true));
    snapshot.exit.enabled = true;
    QCOMPARE(lastExitToggled(snapshot, habits).exit, std::optional(false));
}

QTEST_GUILESS_MAIN(MenuRowsTest)
#include "menu_rows_test.moc"
