// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/path_bench.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sallyport;
using namespace sallyport::pathtest;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kAskStats = 4;
constexpr std::size_t kAskActivity = 5;

std::chrono::microseconds lastRoundTrip(const Bench &bench)
{
    std::chrono::microseconds last{-1};
    for (const PathRequest &request : bench.requests) {
        if (const auto *move = std::get_if<AskMove>(&request))
            last = move->roundTrip;
    }
    return last;
}

} // namespace

class PathEventsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void arrivingHome_movesWithinMillisecondsByTheLoadedRoundTrip()
    {
        Bench bench;
        startAway(bench);
        bench.answering[kLan] = overLink();
        bench.plug({home(), mobile()});
        bench.run(20ms);
        QCOMPARE(bench.moves(), std::vector{kLan});
        QVERIFY(lastRoundTrip(bench) >= 40ms);
        QVERIFY(bench.isOnLink());
        QVERIFY(!bench.questionsTo(kLan).empty() && bench.questionsTo(kLan).back().nominates);
    }

    void leavingHome_movesAtOnceWithoutAsking()
    {
        Bench bench;
        startAtHome(bench);
        QVERIFY(bench.isOnLink());
        bench.answering.erase(kLan);
        bench.plug({});
        QCOMPARE(bench.moves(), std::vector{kPublic});
        QCOMPARE(bench.questions(), 0);
        QVERIFY(!bench.isOnLink());
        bench.run(500ms);
        bench.plug({mobile()});
        bench.run(1s);
        QCOMPARE(bench.moves().size(), 1U);
        QCOMPARE(bench.stateOf(kPublic), CandidateState::InUse);
        QCOMPARE(bench.stateOf(kLan), CandidateState::Silent); // one look, in case the way leads there after all
        QCOMPARE(bench.questionsTo(kLan).size(), 1U);
    }

    /// WireGuard followed the peer to its local address, and that network was left before anybody looked.
    void followedHomeAndLeftAgainUnseen_isMovedBack()
    {
        Bench bench;
        startAway(bench);
        bench.plug({home(), mobile()});
        bench.run(20ms);
        bench.kernel = kLan;
        bench.plug({mobile()});
        bench.run(2s);
        QCOMPARE(bench.moves(), std::vector{kPublic});
    }

    void leavingWhileTheMoveHomeIsUnderWay_isMovedBack()
    {
        Bench bench;
        startAway(bench);
        bench.answering[kLan] = overLink();
        bench.plug({home(), mobile()});
        while (bench.moves().empty())
            bench.run(1ms);
        bench.answering.erase(kLan);
        bench.plug({mobile()});
        bench.run(2s);
        QCOMPARE(bench.moves(), (std::vector{kLan, kPublic}));
    }

    void oneMoreAddress_bringsThePeerWithinReach()
    {
        Bench bench;
        startAway(bench);
        bench.answering[kLan] = overLink();
        std::vector<PathNetwork> networks = bench.networks;
        networks.back().addresses.push_back(home().addresses.front());
        bench.plug(networks);
        bench.run(50ms);
        QCOMPARE(bench.moves(), std::vector{kLan});
    }

    /// It was asked before it arrived; its own question says that it is there now.
    void aPeerThatArrivesWhileItIsAskedFor_isMovedToAtOnce()
    {
        Bench bench;
        startAway(bench);
        bench.plug({home(), mobile()});
        bench.run(310ms);
        QVERIFY(bench.moves().empty());
        bench.answering[kLan] = overLink();
        bench.hear(kLan, {});
        bench.run(120ms);
        QCOMPARE(bench.moves(), std::vector{kLan});
    }

    void aStrangerWithThePeersAddress_isAskedThriceAndNeverUsed()
    {
        Bench bench;
        startAway(bench);
        bench.plug({network(2, u"192.168.1.20/24"_s, 8)});
        bench.run(10min);
        QCOMPARE(bench.questionsTo(kLan).size(), 3U);
        QVERIFY(bench.moves().empty());
        QCOMPARE(bench.stateOf(kLan), CandidateState::Silent);
        QCOMPARE(bench.stateOf(kPublic), CandidateState::InUse);
    }

    void aWormhole_isSeenAndNotUsed()
    {
        Bench bench;
        startAway(bench);
        bench.answering[kLan] = {5ms, at(u"203.0.113.99:4000"_s), kLan.address};
        bench.plug({network(2, u"192.168.1.20/24"_s, 8)});
        bench.run(3min);
        QVERIFY(bench.moves().empty());
        QVERIFY(!bench.isOnLink());
        QCOMPARE(bench.stateOf(kLan), CandidateState::Relayed);
    }

    void aSilentPath_isLeftForWhatAnswers()
    {
        Bench bench;
        startAtHome(bench);
        bench.answering.erase(kLan);
        bench.isReceiving = false;
        const PathTime died = bench.now;
        while (bench.moves().empty() && bench.now < died + 10s)
            bench.run(10ms);
        QCOMPARE(bench.moves(), std::vector{kPublic});
        QVERIFY(bench.now - died <= 3400ms);
        QVERIFY(!bench.isOnLink());
    }

    void theControlledSide_leavesItToTheOther()
    {
        Bench bench(false);
        startAway(bench);
        bench.answering[kLan] = overLink();
        bench.plug({home(), mobile()});
        bench.run(20s);
        QVERIFY(bench.moves().empty());
        Ping ping;
        ping.nominates = true;
        bench.hear(kLan, ping);
        bench.run(50ms);
        QCOMPARE(bench.moves(), std::vector{kLan});
    }

    void aFasterPath_isTakenAfterTwoSamples()
    {
        Bench bench;
        bench.configured.places.push_back({*HostEndpoint::parse(u"203.0.113.2:51000"), EndpointScope::Any, {}});
        startAway(bench);
        bench.run(15s);
        bench.answering[at(u"203.0.113.2:51000"_s)] = overInternet(10ms);
        bench.forget();
        while (bench.moves().empty() && bench.questions() < 200)
            bench.run(100ms);
        QCOMPARE(bench.moves(), std::vector{at(u"203.0.113.2:51000"_s)});
        QVERIFY(bench.questionsTo(at(u"203.0.113.2:51000"_s)).size() >= 2U);
    }

    void aDeadSession_asksTheOtherSideToBegin()
    {
        Bench bench;
        bench.answering[kPublic] = overInternet();
        bench.handshakeAge = 4000s;
        bench.start();
        bench.forget();
        flow(bench, false);
        QVERIFY(!bench.questionsTo(kPublic).empty());
        QVERIFY(bench.questionsTo(kPublic).front().asksToInitiate);
    }

    void askedToBegin_sendsToWhereThePeerAnswers()
    {
        Bench bench;
        bench.answering[kPublic] = overInternet();
        bench.start();
        bench.forget();
        Ping ping;
        ping.asksToInitiate = true;
        bench.hear(kPublic, ping);
        QVERIFY(bench.trials().empty());
        bench.run(45ms);
        QCOMPARE(bench.trials(), std::vector{kPublic});
    }

    void behindAPortal_nothingIsAskedOrMoved()
    {
        Bench bench;
        startAway(bench);
        bench.answering[kLan] = overLink();
        bench.tell(PortalChanged{true});
        bench.plug({home()});
        bench.run(60s);
        QCOMPARE(bench.questions(), 0);
        QVERIFY(bench.moves().empty());
        bench.tell(PortalChanged{false});
        bench.run(50ms);
        QCOMPARE(bench.moves(), std::vector{kLan});
    }

    void asleep_nothingHappensAndOnWakingEverythingIsAsked()
    {
        Bench bench;
        startAway(bench);
        bench.isSending = bench.isReceiving = false;
        bench.tell(SleepBegan{});
        QVERIFY(!bench.wakeAt());
        bench.now += std::chrono::hours(8);
        bench.tell(Woke{});
        bench.run(30ms);
        QCOMPARE(bench.questionsTo(kPublic).size(), 1U);
        QVERIFY(bench.questionsTo(kPublic).front().asksToInitiate);
    }

    void atRest_nobodyWakesUp()
    {
        Bench bench;
        startAway(bench);
        bench.isSending = bench.isReceiving = false;
        bench.run(60s);
        bench.forget();
        QVERIFY(!bench.wakeAt());
        bench.run(std::chrono::hours(10));
        QVERIFY(bench.requests.empty());
        bench.tell(TrafficBegan{});
        QCOMPARE(bench.count(kAskStats), 1);
        bench.run(120s);
        QCOMPARE(bench.count(kAskActivity), 1);
        QVERIFY(bench.count(kAskStats) <= 31);
    }

    void aNameThatMoves_isAskedAgainWhenItsPlaceIsSilent()
    {
        Bench bench;
        bench.configured.places = {{*HostEndpoint::parse(u"b.example:51000"), EndpointScope::Any, {}}};
        bench.names[u"b.example"_s] = {kPublic.address};
        startAway(bench);
        const Endpoint fresh = at(u"203.0.113.50:51000"_s);
        bench.answering.erase(kPublic);
        bench.answering[fresh] = overInternet();
        bench.names[u"b.example"_s] = {fresh.address};
        bench.isReceiving = false;
        bench.run(60s);
        QCOMPARE(bench.moves(), std::vector{fresh});
    }

    void aMoveThatSlipsBack_isTriedAFewTimes()
    {
        Bench bench;
        startAway(bench);
        bench.outcome = MoveOutcome::SlippedBack;
        bench.answering[kLan] = overLink();
        bench.plug({home(), mobile()});
        bench.run(20s);
        QVERIFY(bench.moves().size() >= 2U && bench.moves().size() <= 3U);
        bench.run(10min);
        QVERIFY(bench.moves().size() <= 12U);
    }

    void aQuestion_isAnsweredAndAPlaceInTheMeshIsNot()
    {
        Bench bench;
        bench.start();
        bench.forget();
        bench.hear(at(u"10.42.1.4:51000"_s), Ping{});
        QVERIFY(bench.requests.empty());
        for (int i = 0; i < 50; ++i)
            bench.hear(kPublic, Ping{});
        const auto answers = std::ranges::count_if(bench.requests, [](const PathRequest &request) {
            const auto *ask = std::get_if<AskProbe>(&request);
            return ask && std::holds_alternative<Pong>(ask->probe);
        });
        QCOMPARE(answers, 10);
    }

    void aClockThatGoesBack_changesNothing()
    {
        Bench bench;
        startAway(bench);
        bench.now -= 300s;
        bench.tell(TimeCame{});
        QVERIFY(bench.wakeAt() && *bench.wakeAt() <= bench.now + 2s);
    }

    void aThousandPeers_takeLittle()
    {
        Bench bench(true, 999);
        bench.networks = {home()};
        bench.answering[kLan] = overLink();
        QElapsedTimer timer;
        timer.start();
        bench.start();
        flow(bench);
        bench.run(20s);
        const auto elapsed = timer.elapsed();
        qInfo("%lld ms for 25 s, %zu requests", static_cast<long long>(elapsed), bench.requests.size());
        QVERIFY(bench.count(kAskStats) <= 14);
        QVERIFY(bench.questions() <= 25 * 150 + 40);
    }
};

QTEST_GUILESS_MAIN(PathEventsTest)
#include "path_events_test.moc"
