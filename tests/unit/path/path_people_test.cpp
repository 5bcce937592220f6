// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/path_bench.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::pathtest;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// A person's word, and peers without Sallyport.
class PathPeopleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPinnedPlace_staysWhileItMeansSomething()
    {
        Bench bench;
        bench.configured.preferences = {{*HostEndpoint::parse(u"203.0.113.1:51000"), Preference::Pin}};
        startAtHome(bench);
        QVERIFY(bench.moves().empty());
        QCOMPARE(bench.kernel, std::optional(kPublic));
        QVERIFY(bench.questionsTo(kLan).empty());
        bench.answering.erase(kPublic);
        bench.isReceiving = false;
        bench.run(60s);
        QVERIFY(bench.moves().empty());
        QCOMPARE(bench.stateOf(kPublic), CandidateState::Silent);
    }

    void aPinnedLocalPlace_isNotWaitedForAbroad()
    {
        Bench bench;
        bench.configured.preferences = {{*HostEndpoint::parse(u"192.168.1.30:51000"), Preference::Pin}};
        startAtHome(bench);
        QCOMPARE(bench.kernel, std::optional(kLan));
        bench.answering.erase(kLan);
        bench.plug({mobile()});
        bench.run(1s);
        QCOMPARE(bench.kernel, std::optional(kPublic));
    }

    void aForbiddenPlace_isLeftAndNeverAsked()
    {
        Bench bench;
        startAtHome(bench);
        bench.configured.preferences = {{*HostEndpoint::parse(u"192.168.1.30:51000"), Preference::Forbid}};
        bench.configure();
        bench.run(20s);
        QCOMPARE(bench.moves(), std::vector{kPublic});
        QVERIFY(bench.questionsTo(kLan).empty());
        QCOMPARE(bench.stateOf(kLan), CandidateState::Forbidden);
    }

    void aPeerWithoutSallyport_isTriedWhenIdle()
    {
        Bench bench;
        bench.inTunnel = {kLan};
        bench.networks = {home()};
        bench.start();
        QCOMPARE(bench.trials(), std::vector{kLan});
        QCOMPARE(bench.kernel, std::optional(kLan));
        QVERIFY(!bench.isOnLink()); // nothing attests that nobody is between
    }

    void aPeerWithoutSallyport_isNotTriedUnderTraffic()
    {
        Bench bench;
        bench.start();
        flow(bench);
        bench.forget();
        bench.plug({home()});
        bench.run(60s);
        QVERIFY(bench.trials().empty());
        bench.isSending = bench.isReceiving = false;
        bench.run(20s);
        QCOMPARE(bench.trials(), std::vector{kLan});
        bench.run(5min);
        QCOMPARE(bench.trials().size(), 1U);
    }

    void aPeerThatWanders_isFollowedAndNeverTried()
    {
        Bench bench;
        bench.configured.places.clear();
        bench.configured.preferences = {{*HostEndpoint::parse(u"198.51.100.60:7000"), Preference::Prefer}};
        bench.kernel = at(u"198.51.100.50:7000"_s);
        bench.start();
        bench.handshakeAge = 600s;
        flow(bench, false);
        bench.run(5min);
        QVERIFY(bench.trials().empty());
        QVERIFY(bench.moves().empty());
        QVERIFY(bench.stateOf(at(u"198.51.100.50:7000"_s)) != CandidateState::Unresolved);
    }

    void aDeadPeerWithoutSallyport_isLookedForAtEachPlaceInTurn()
    {
        Bench bench;
        bench.configured.places.push_back({*HostEndpoint::parse(u"203.0.113.2:51000"), EndpointScope::Any, {}});
        bench.start();
        flow(bench, false);
        bench.handshakeAge = 600s;
        bench.run(30s);
        QCOMPARE(bench.moves().front(), at(u"203.0.113.2:51000"_s));
        QVERIFY(bench.moves().size() <= 4U);
    }
};

QTEST_GUILESS_MAIN(PathPeopleTest)
#include "path_people_test.moc"
