// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/endpoint_mover.h"
#include "tests/unit/probe/fake_tunnel.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::probe;
using namespace sallyport::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const Endpoint kPublic = *Endpoint::parse(u"203.0.113.9:53333");
const Endpoint kLan = *Endpoint::parse(u"192.168.1.5:51820");
const Endpoint kOther = *Endpoint::parse(u"198.51.100.7:51820");
const Endpoint kPublic6 = *Endpoint::parse(u"[2001:db8::9]:51820");

PublicKey key(quint8 number)
{
    PublicKey made;
    made.bytes.fill(number);
    return made;
}

meshlink::MoveEndpoint request(const Endpoint &to, std::chrono::milliseconds roundTrip = 20ms, quint8 peer = 1)
{
    return {peer, key(peer), to, roundTrip};
}

} // namespace

class EndpointMoverTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<FakeTunnel> m_tunnel;
    std::unique_ptr<EndpointMover> m_mover;
    std::vector<meshlink::Moved> m_answers;

    FakeTunnel::FakePeer &talking(quint8 peer, std::chrono::milliseconds roundTrip)
    {
        FakeTunnel::FakePeer &added = m_tunnel->add(key(peer), kPublic);
        added.isTalking = true;
        added.roundTrip = roundTrip;
        return added;
    }

    void move(const meshlink::MoveEndpoint &request)
    {
        m_mover->move(request, [this](const meshlink::Moved &moved) { m_answers.push_back(moved); });
    }

    /// That nothing comes after the answer that would undo it.
    bool staysAt(const Endpoint &endpoint, int milliseconds = 100)
    {
        return !QTest::qWaitFor([&] { return m_tunnel->endpointOf(key(1)) != endpoint; }, milliseconds);
    }

private Q_SLOTS:
    void init()
    {
        m_answers.clear();
        m_tunnel = std::make_unique<FakeTunnel>();
        m_mover = std::make_unique<EndpointMover>(m_tunnel->ports());
    }
    void cleanup()
    {
        m_mover.reset();
        QVERIFY(m_tunnel->pins.empty());
        QVERIFY(m_tunnel->carriers.empty());
        m_tunnel.reset();
    }

    void connectionInUse_holdsWhatOneSettingLoses()
    {
        talking(1, 40ms);
        QVERIFY(m_tunnel->setEndpoint(key(1), kLan));
        QTRY_VERIFY(m_tunnel->endpointOf(key(1)) == kPublic); // so hard it is
        move(request(kLan, 40ms));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Held, kLan}));
        QVERIFY(staysAt(kLan));
    }

    void pins_areThereOnlyWhileItMoves()
    {
        talking(1, 20ms);
        m_tunnel->paths[kLan] = {*IpAddress::parse(u"192.168.1.2"), 3};
        move(request(kLan));
        QCOMPARE(m_tunnel->pins, (std::vector<Pin>{{51820, kPublic, kLan, *IpAddress::parse(u"192.168.1.2"), {}}}));
        QCOMPARE(m_tunnel->endpointOf(key(1)), kLan);
        QVERIFY(m_mover->isMoving(key(1)));
        QTRY_COMPARE(m_answers.size(), 1u);
        QVERIFY(m_tunnel->pins.empty());
        QVERIFY(!m_mover->isMoving(key(1)));
        QCOMPARE(m_tunnel->settings, 1);
    }

    void longerRoundTripThanTold_isGivenASecondWindow()
    {
        talking(1, 130ms);
        move(request(kLan, 20ms));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front().outcome, MoveOutcome::Held);
        QCOMPARE(m_tunnel->settings, 2);
        QVERIFY(staysAt(kLan, 300));
    }

    void muchLongerRoundTripThanTold_isReported()
    {
        talking(1, 3s);
        move(request(kLan, 20ms));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::SlippedBack, kPublic}));
    }

    void silentPeer_isReadBackOnce()
    {
        m_tunnel->add(key(1), kPublic);
        QElapsedTimer timer;
        timer.start();
        move(request(kLan, 200ms));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Held, kLan}));
        QVERIFY(timer.elapsed() < 500); // the readings of a live one take 260 ms on top of the window of 350
    }

    void peerThatIsThereAlready_isNotTouched()
    {
        talking(1, 20ms);
        move(request(kPublic));
        QCOMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Held, kPublic}));
        QCOMPARE(m_tunnel->settings, 0);
    }

    void peerWithoutEndpoint_getsOne()
    {
        m_tunnel->add(key(1), kPublic).stats.endpoint.reset();
        move(request(kLan));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Held, kLan}));
        QCOMPARE(m_tunnel->settings, 1);
    }

    void withoutNftables_itIsSetUntilItHolds()
    {
        talking(1, 5ms);
        m_tunnel->hasPins = false;
        move(request(kLan, 5ms));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front().outcome, MoveOutcome::Held);
        QVERIFY(m_tunnel->settings > 10);
        QVERIFY(staysAt(kLan));
    }

    void otherFamily_isCarried()
    {
        talking(1, 40ms);
        move(request(kPublic6, 40ms));
        QCOMPARE(m_tunnel->carriers.size(), 1u);
        QVERIFY(m_tunnel->pins.front().carrier.has_value());
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Held, kPublic6}));
        QTRY_VERIFY(m_tunnel->carriers.empty());
        QVERIFY(staysAt(kPublic6));
    }

    void otherFamilyWithoutCarrier_costsPacketsAndHolds()
    {
        talking(1, 40ms);
        m_tunnel->hasCarriers = false;
        move(request(kPublic6, 40ms));
        QVERIFY(!m_tunnel->pins.front().to && !m_tunnel->pins.front().carrier);
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Held, kPublic6}));
        QVERIFY(staysAt(kPublic6));
    }

    void whoIsNotThere_isRefused()
    {
        move(request(kLan));
        QCOMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Refused, {}}));
    }

    void peerThatIsRemovedMeanwhile_endsTheMove()
    {
        talking(1, 20ms);
        move(request(kLan));
        m_tunnel->remove(key(1));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front().outcome, MoveOutcome::Refused);
        QVERIFY(m_tunnel->pins.empty());
    }

    void kernelThatRefuses_isReported()
    {
        talking(1, 20ms);
        m_tunnel->takesSettings = false;
        move(request(kLan));
        QCOMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::Refused, kPublic}));
        QVERIFY(m_tunnel->pins.empty());
    }

    void impossiblePlaces_areRefused()
    {
        talking(1, 20ms);
        for (const char16_t *place : {u"127.0.0.1:51820", u"0.0.0.0:1", u"224.0.0.1:1", u"[fe80::1]:51820"}) {
            move(request(*Endpoint::parse(place)));
            QCOMPARE(m_answers.back().outcome, MoveOutcome::Refused);
        }
        QCOMPARE(m_tunnel->settings, 0);
        move(request(kLan));
        move(request(*Endpoint::parse(u"127.0.0.1:51820"))); // and end nothing
        QVERIFY(m_mover->isMoving(key(1)));
    }

    void secondWriter_isToldAndNotFought()
    {
        talking(1, 20ms).isTalking = false;
        move(request(kLan));
        QVERIFY(m_tunnel->setEndpoint(key(1), kOther));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Moved{1, MoveOutcome::SlippedBack, kOther}));
        QVERIFY(staysAt(kOther));
    }

    void secondMove_takesThePlaceOfTheFirst()
    {
        talking(1, 40ms);
        move(request(kLan, 40ms));
        QTest::qWait(10);
        move(request(kOther, 40ms));
        QCOMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front().outcome, MoveOutcome::Refused);
        QCOMPARE(m_tunnel->pins.size(), 2u); // packets of both earlier paths are still under way
        QTRY_COMPARE(m_answers.size(), 2u);
        QCOMPARE(m_answers.back(), (meshlink::Moved{1, MoveOutcome::Held, kOther}));
        QVERIFY(staysAt(kOther));
    }

    void moveAndBackAgain_endsWhereItBegan()
    {
        talking(1, 40ms);
        move(request(kLan, 40ms));
        QTest::qWait(10);
        move(request(kPublic, 40ms));
        QTRY_COMPARE(m_answers.size(), 2u);
        QCOMPARE(m_answers.back(), (meshlink::Moved{1, MoveOutcome::Held, kPublic}));
        QVERIFY(staysAt(kPublic));
    }

    void movesOfSeveralPeers_doNotDisturbEachOther()
    {
        talking(1, 20ms);
        FakeTunnel::FakePeer &second = talking(2, 60ms); // behind the same NAT
        const Endpoint neighbour{kPublic.address, 53334, 0};
        second.stats.endpoint = neighbour;
        second.spokenTo = {{-1, neighbour}};
        move(request(kLan, 20ms, 1));
        move(request(kOther, 60ms, 2));
        QCOMPARE(m_tunnel->pins.size(), 2u);
        QTRY_COMPARE(m_answers.size(), 2u);
        for (const meshlink::Moved &moved : m_answers)
            QCOMPARE(moved.outcome, MoveOutcome::Held);
        QVERIFY(staysAt(kLan));
        QCOMPARE(m_tunnel->endpointOf(key(2)), kOther);
        QVERIFY(m_tunnel->pins.empty());
    }

    void tooManyAtOnce_areRefused()
    {
        for (quint8 number = 1; number <= 65; ++number) {
            m_tunnel->add(key(number), kPublic);
            move(request(kLan, 20ms, number));
        }
        QCOMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front().outcome, MoveOutcome::Refused);
        QTRY_COMPARE(m_answers.size(), 65u);
    }

    void leftovers_areRemovedAtTheStart()
    {
        m_tunnel->pins = {{51820, kPublic, kLan, {}, {}}};
        QVERIFY(m_mover->start());
        QVERIFY(m_tunnel->pins.empty());
    }

    void mover_leavesNoPinsBehind()
    {
        talking(1, 20ms);
        move(request(kLan));
        QCOMPARE(m_tunnel->pins.size(), 1u);
        m_mover.reset();
        QVERIFY(m_tunnel->pins.empty());
        QVERIFY(m_answers.empty());
        QTest::qWait(150);
        QVERIFY(m_answers.empty());
    }
};

QTEST_GUILESS_MAIN(EndpointMoverTest)
#include "endpoint_mover_test.moc"
