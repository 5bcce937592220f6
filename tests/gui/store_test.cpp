// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/helper_client.h"
#include "app/client/store.h"
#include "core/present/present.h"
#include "tests/gui/test_bus.h"

#include <QDBusMessage>
#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 10000;

struct World {
    explicit World(const QStringList &arguments = {})
        : helper(std::make_unique<FakeHelperProcess>(bus, arguments)), client(bus.connect()), store(client)
    {
        store.start();
    }

    bool isConnected() const { return store.link().state == Link::State::Connected; }

    TestBus bus;
    std::unique_ptr<FakeHelperProcess> helper;
    HelperClient client;
    Store store;
};

} // namespace

class StoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsSearchingAndConnects();
    void requestIsPendingUntilTheAnswerAndChangesNothingItself();
    void snapshotIsNewWhenPendingEnds();
    void requestsThatCrossStayPendingEachUntilItsOwnAnswer();
    void refusalIsKeptUntilTheNextRequest();
    void refusalEndsWhenItsWishComesTrueOtherwise();
    void supersededIsNotARefusal();
    void olderSnapshotsAreIgnored();
    void withoutAHelperItIsAbsentUntilOneComes();
    void helperThatDiesIsLostAndItsSuccessorIsBelieved();
    void activatableHelperIsStartedAgain();
    void helperThatDiesWhileAskedRefusesTheRequest();
    void otherVersionIsSaid();
    void garbageIsUnreadable();
    void withoutABusThereIsNoBus();
};

void StoreTest::startsSearchingAndConnects()
{
    World world({u"--play"_s, u"both"_s});
    QCOMPARE(world.store.link().state, Link::State::Searching);
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    QVERIFY(world.store.snapshot().home.enabled);
    QCOMPARE(world.store.snapshot().exit.name, u"mullvad-se"_s);
}

void StoreTest::requestIsPendingUntilTheAnswerAndChangesNothingItself()
{
    World world({u"--play"_s, u"slow"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.store.request(homeSwitched(true));
    QCOMPARE(world.store.link().pending.home, std::optional(true));
    QTRY_COMPARE_WITH_TIMEOUT(world.helper->count(uR"(SetIntent {"home":true})"_s), 1, kPatienceMs);
    QVERIFY(!world.store.snapshot().home.enabled);
    QCOMPARE(world.store.link().pending.home, std::optional(true));
    world.helper->release();
    QTRY_VERIFY_WITH_TIMEOUT(!world.store.link().pending.home, kPatienceMs);
    QVERIFY(world.store.snapshot().home.enabled);
}

void StoreTest::snapshotIsNewWhenPendingEnds()
{
    World world;
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    for (int round = 0; round < 50; ++round) {
        const bool on = round % 2 == 0;
        bool seen = false;
        bool wasTrue = false;
        QObject context;
        connect(&world.store, &Store::changed, &context, [&] {
            if (!seen && !world.store.link().pending.home) {
                seen = true;
                wasTrue = world.store.snapshot().home.enabled == on;
            }
        });
        world.store.request(homeSwitched(on));
        QTRY_VERIFY_WITH_TIMEOUT(seen, kPatienceMs);
        QVERIFY(wasTrue);
    }
}

void StoreTest::requestsThatCrossStayPendingEachUntilItsOwnAnswer()
{
    World world({u"--play"_s, u"slow"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.store.request(homeSwitched(true));
    world.store.request(exitChosen(u"nas"_s));
    QTRY_COMPARE_WITH_TIMEOUT(world.helper->log().size(), 3, kPatienceMs);
    QCOMPARE(world.store.link().pending.home, std::optional(true));
    QCOMPARE(world.store.link().pending.exitName, std::optional(u"nas"_s));
    world.helper->release(true);
    QTRY_VERIFY_WITH_TIMEOUT(world.store.link().pending == IntentChange{}, kPatienceMs);
    QVERIFY(world.store.snapshot().home.enabled);
    QCOMPARE(world.store.snapshot().exit.name, u"nas"_s);
}

void StoreTest::refusalIsKeptUntilTheNextRequest()
{
    World world({u"--play"_s, u"refused"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.store.request(homeSwitched(true));
    QTRY_VERIFY_WITH_TIMEOUT(world.store.link().refusal, kPatienceMs);
    QCOMPARE(world.store.link().refusal->code, Errc::NotAuthorized);
    world.helper->emitCounters(5);
    QTRY_COMPARE_WITH_TIMEOUT(world.store.snapshot().revision, 2U, kPatienceMs);
    QVERIFY(world.store.link().refusal);
    world.helper->play(u"obeys"_s);
    world.store.request(exitChosen(u"nas"_s));
    QVERIFY(!world.store.link().refusal);
    world.helper->play(u"refused"_s);
    world.store.request(homeSwitched(false));
    QTRY_VERIFY_WITH_TIMEOUT(world.store.link().refusal, kPatienceMs);
    world.store.dismissRefusal();
    QVERIFY(!world.store.link().refusal);
}

void StoreTest::refusalEndsWhenItsWishComesTrueOtherwise()
{
    World world({u"--play"_s, u"refused"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.store.request(homeSwitched(true));
    QTRY_VERIFY_WITH_TIMEOUT(world.store.link().refusal, kPatienceMs);
    world.helper->play(u"home-on"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!world.store.link().refusal, kPatienceMs);
}

void StoreTest::supersededIsNotARefusal()
{
    World world({u"--play"_s, u"superseded"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.store.request(homeSwitched(true));
    QTRY_VERIFY_WITH_TIMEOUT(world.store.link().pending == IntentChange{}, kPatienceMs);
    QVERIFY(!world.store.link().refusal);
}

void StoreTest::olderSnapshotsAreIgnored()
{
    World world;
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    bool wasShown = false;
    QObject context;
    connect(&world.store, &Store::changed, &context, [&] { wasShown |= world.store.snapshot().home.enabled; });
    world.helper->emitOld();
    world.helper->emitCounters(5);
    QTRY_COMPARE_WITH_TIMEOUT(world.store.snapshot().revision, 2U, kPatienceMs);
    QVERIFY(!wasShown);
}

void StoreTest::withoutAHelperItIsAbsentUntilOneComes()
{
    TestBus bus;
    HelperClient client(bus.connect());
    Store store(client);
    store.start();
    QTRY_COMPARE_WITH_TIMEOUT(store.link().state, Link::State::Absent, kPatienceMs);
    FakeHelperProcess helper(bus, {u"--play"_s, u"home-on"_s});
    QTRY_COMPARE_WITH_TIMEOUT(store.link().state, Link::State::Connected, kPatienceMs);
    QVERIFY(store.snapshot().home.enabled);
    QVERIFY(!store.link().refusal);
}

void StoreTest::helperThatDiesIsLostAndItsSuccessorIsBelieved()
{
    World world({u"--play"_s, u"both"_s, u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    QCOMPARE(world.store.snapshot().revision, 5U);
    world.helper->kill();
    QTRY_COMPARE_WITH_TIMEOUT(world.store.link().state, Link::State::Lost, kPatienceMs);
    world.helper = std::make_unique<FakeHelperProcess>(world.bus);
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    QCOMPARE(world.store.snapshot().revision, 1U); // lower, and still the truth
    QVERIFY(!world.store.snapshot().home.enabled);
}

void StoreTest::activatableHelperIsStartedAgain()
{
    TestBus bus({u"--play"_s, u"both"_s});
    auto client = std::make_unique<HelperClient>(bus.connect());
    Store store(*client);
    store.start();
    QTRY_COMPARE_WITH_TIMEOUT(store.link().state, Link::State::Connected, kPatienceMs);
    QSignalSpy availability(client.get(), &HelperClient::availabilityChanged);
    IntentChange change = homeSwitched(false);
    QDBusConnection other = bus.connect();
    QDBusMessage play = QDBusMessage::createMethodCall(
        u"org.sallyport.Helper"_s, u"/org/sallyport/FakeHelper"_s, u"org.sallyport.FakeHelper"_s, u"Play"_s);
    play << u"dies"_s;
    other.call(play);
    store.request(change);
    QTRY_COMPARE_WITH_TIMEOUT(availability.size(), 2, kPatienceMs); // away, and back without anybody's help
    QTRY_COMPARE_WITH_TIMEOUT(store.link().state, Link::State::Connected, kPatienceMs);
}

void StoreTest::helperThatDiesWhileAskedRefusesTheRequest()
{
    World world({u"--play"_s, u"dies"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.store.request(homeSwitched(true));
    QTRY_VERIFY_WITH_TIMEOUT(world.store.link().refusal, kPatienceMs);
    QCOMPARE(world.store.link().refusal->code, Errc::HelperUnavailable);
    QVERIFY(world.store.link().pending == IntentChange{});
    QTRY_COMPARE_WITH_TIMEOUT(world.store.link().state, Link::State::Lost, kPatienceMs);
}

void StoreTest::otherVersionIsSaid()
{
    World world({u"--play"_s, u"too-old"_s});
    QTRY_COMPARE_WITH_TIMEOUT(world.store.link().state, Link::State::OtherVersion, kPatienceMs);
}

void StoreTest::garbageIsUnreadable()
{
    World world({u"--play"_s, u"garbage"_s});
    QTRY_COMPARE_WITH_TIMEOUT(world.store.link().state, Link::State::Unreadable, kPatienceMs);
    QVERIFY(world.store.link().refusal);
    world.helper->play(u"obeys"_s);
    world.helper->play(u"both"_s);
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    QVERIFY(!world.store.link().refusal);
}

void StoreTest::withoutABusThereIsNoBus()
{
    HelperClient client(QDBusConnection(u"no-such-connection"_s));
    Store store(client);
    store.start();
    QTRY_COMPARE_WITH_TIMEOUT(store.link().state, Link::State::NoBus, kPatienceMs);
}

QTEST_GUILESS_MAIN(StoreTest)
#include "store_test.moc"
