// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/endpoint_trial.h"
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
const IpAddress kInside = *IpAddress::parse(u"10.42.1.4");

PublicKey key(quint8 number)
{
    PublicKey made;
    made.bytes.fill(number);
    return made;
}

meshlink::TryEndpoint request(const Endpoint &to, std::chrono::milliseconds window = 120ms, quint8 peer = 1)
{
    return {peer, key(peer), to, window};
}

} // namespace

class EndpointTrialTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<FakeTunnel> m_tunnel;
    std::unique_ptr<EndpointTrial> m_trial;
    TrafficMemory m_memory;
    PathTime m_now;
    std::vector<meshlink::Tried> m_answers;

    /// Nothing was heard of it for longer than a session lasts.
    FakeTunnel::FakePeer &dead(quint8 peer = 1)
    {
        FakeTunnel::FakePeer &added = m_tunnel->add(key(peer), kPublic);
        added.stats.handshakeAge = 181s;
        return added;
    }

    FakeTunnel::FakePeer &idle()
    {
        FakeTunnel::FakePeer &added = m_tunnel->add(key(1), kPublic);
        m_memory.note(added.stats, m_now - 6s);
        return added;
    }

    void tryOut(const meshlink::TryEndpoint &request)
    {
        m_trial->tryOut(request, [this](const meshlink::Tried &tried) { m_answers.push_back(tried); });
    }

private Q_SLOTS:
    void init()
    {
        m_answers.clear();
        m_memory.forget();
        m_now = PathTime(1000s);
        m_tunnel = std::make_unique<FakeTunnel>();
        m_trial = std::make_unique<EndpointTrial>(*m_tunnel, *m_tunnel, m_memory, [this] { return m_now; });
    }
    void cleanup()
    {
        m_trial.reset();
        m_tunnel.reset();
    }

    void answeringEndpoint_isKept()
    {
        FakeTunnel::FakePeer &peer = dead();
        peer.reachableAt = {kLan};
        peer.roundTrip = 10ms;
        QElapsedTimer timer;
        timer.start();
        tryOut(request(kLan, 250ms));
        QTRY_COMPARE(m_answers.size(), 1u);
        QVERIFY(timer.elapsed() < 200); // as soon as it is known
        QCOMPARE(m_answers.front(), (meshlink::Tried{1, true, kLan}));
        QCOMPARE(m_tunnel->endpointOf(key(1)), kLan);
        QCOMPARE(m_tunnel->echoes.front().first, kInside);
    }

    void silentEndpoint_isLeftWithinTheWindow()
    {
        dead();
        QElapsedTimer timer;
        timer.start();
        tryOut(request(kLan, 1h));
        QTRY_COMPARE(m_answers.size(), 1u);
        QVERIFY2(timer.elapsed() < 500, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(m_answers.front(), (meshlink::Tried{1, false, kPublic}));
        QCOMPARE(m_tunnel->endpointOf(key(1)), kPublic);
        const std::vector<std::pair<IpAddress, Endpoint>> sent
            = {{kInside, kLan}, {kInside, kLan}, {kInside, kLan}, {kInside, kPublic}};
        QCOMPARE(m_tunnel->echoes, sent); // the last so that a peer that followed us comes back
    }

    void idlePeer_isTriedAndWorksAsBefore()
    {
        idle().reachableAt = {kPublic};
        tryOut(request(kLan));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Tried{1, false, kPublic}));
        const quint64 received = m_tunnel->peer(key(1)).stats.receivedBytes;
        QVERIFY(m_tunnel->send(kInside));
        QTRY_VERIFY(m_tunnel->peer(key(1)).stats.receivedBytes > received);
    }

    void peerInUse_isNotTried()
    {
        idle().stats.receivedBytes += 5000;
        tryOut(request(kLan));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Tried{1, false, kPublic}));
        QCOMPARE(m_tunnel->settings, 0);
        QVERIFY(m_tunnel->echoes.empty());
    }

    void livePeerOfWhichNothingIsKnown_isNotTriedBeforeFiveSeconds()
    {
        m_tunnel->add(key(1), kPublic).reachableAt = {kLan};
        tryOut(request(kLan));
        QTRY_COMPARE(m_answers.size(), 1u);
        QVERIFY(!m_answers.front().hasAnswered);
        QCOMPARE(m_tunnel->settings, 0);
        m_now += 5s; // the refusal has read the counters
        tryOut(request(kLan));
        QTRY_COMPARE(m_answers.size(), 2u);
        QVERIFY(m_answers.back().hasAnswered);
    }

    void peerThatComesByAnotherWay_isLeftThere()
    {
        dead();
        tryOut(request(kLan));
        QTRY_COMPARE(m_tunnel->endpointOf(key(1)), kLan);
        QVERIFY(m_tunnel->setEndpoint(key(1), kOther));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_answers.front(), (meshlink::Tried{1, false, kOther}));
        QCOMPARE(m_tunnel->endpointOf(key(1)), kOther);
    }

    void peerWithoutAddressInside_isNotTried()
    {
        dead().allowedIps = {*Prefix::parse(u"10.41.0.0/16")};
        tryOut(request(kLan));
        QTRY_COMPARE(m_answers.size(), 1u);
        QCOMPARE(m_tunnel->settings, 0);
    }

    void impossibleRequests_changeNothing()
    {
        dead();
        tryOut(request(*Endpoint::parse(u"127.0.0.1:51820")));
        tryOut(request(kPublic)); // it is there
        tryOut(request(kLan, 120ms, 2)); // who?
        QTRY_COMPARE(m_answers.size(), 3u);
        QCOMPARE(m_tunnel->settings, 0);
        for (const meshlink::Tried &tried : m_answers)
            QVERIFY(!tried.hasAnswered);
    }

    void trials_areDoneOneAfterTheOther()
    {
        dead(1);
        dead(2).allowedIps = {*Prefix::parse(u"10.42.1.5")};
        tryOut(request(kLan, 60ms, 1));
        tryOut(request(kLan, 60ms, 2));
        QTRY_COMPARE(m_tunnel->endpointOf(key(1)), kLan);
        QVERIFY(m_trial->isTrying(key(1)));
        QCOMPARE(m_tunnel->endpointOf(key(2)), kPublic);
        QTRY_COMPARE(m_answers.size(), 1u);
        QTRY_COMPARE(m_tunnel->endpointOf(key(2)), kLan);
        QTRY_COMPARE(m_answers.size(), 2u);
        QCOMPARE(m_answers.back().request, 2u);
    }

    void tooMany_areRefused()
    {
        dead();
        for (int number = 0; number < 17; ++number)
            tryOut(request(kLan));
        QCOMPARE(m_answers.size(), 1u);
        m_trial.reset();
        QCOMPARE(m_answers.size(), 1u);
    }

    void endOfTheHelper_leavesNoTriedEndpoint()
    {
        dead();
        tryOut(request(kLan));
        QTRY_COMPARE(m_tunnel->endpointOf(key(1)), kLan);
        m_trial.reset();
        QCOMPARE(m_tunnel->endpointOf(key(1)), kPublic);
    }
};

QTEST_GUILESS_MAIN(EndpointTrialTest)
#include "endpoint_trial_test.moc"
