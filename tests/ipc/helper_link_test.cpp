// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/link/helper_link.h"
#include "tests/ipc/fake_mesh_helper.h"

#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The way to the helper, with one that comes and goes, refuses, hangs or talks rubbish.
class HelperLinkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void attachesToAHelperThatIsThere();
    void waitsForOneThatIsNot();
    void attachesAgainToTheNextOne();
    void attachesAgainIfOnlyTheSocketIsClosed();
    void whoIsRefusedAsksLessAndLessOften();
    void answersComeToWhoAsked();
    void withoutAnAnswerThereIsNothingInTime();
    void withoutAHelperThereIsNothingAtOnce();
    void aHelperThatTakesNothingIsLeft();
    void rubbishEndsIt();

private:
    std::optional<meshlink::ToHelper> awaitMessage() const
    {
        std::optional<meshlink::ToHelper> message;
        [[maybe_unused]] const bool isThere = QTest::qWaitFor([&] { return (message = m_helper->hear()).has_value(); });
        return message;
    }

    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<FakeMeshHelper> m_helper;
    std::unique_ptr<Caller> m_caller;
    std::unique_ptr<HelperLink> m_link;
};

void HelperLinkTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void HelperLinkTest::init()
{
    m_bus = std::make_unique<PrivateBus>();
    m_helper = std::make_unique<FakeMeshHelper>(*m_bus);
    m_caller = std::make_unique<Caller>(*m_bus, kSomebody);
    m_link = std::make_unique<HelperLink>(m_caller->bus());
}

void HelperLinkTest::cleanup()
{
    m_link.reset();
    m_caller.reset();
    m_helper.reset();
    m_bus.reset();
}

void HelperLinkTest::attachesToAHelperThatIsThere()
{
    QList<std::size_t> heard;
    connect(m_link.get(), &HelperLink::heard, this,
        [&](const meshlink::ToMesh &message) { heard.append(message.index()); });
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    m_helper->tell(meshlink::HomeGone{});
    m_helper->tell(meshlink::ActivitySeen{});
    QTRY_COMPARE(heard.size(), 2);
    QCOMPARE(heard, QList<std::size_t>({2, 7}));
    m_link->tell(meshlink::WatchActivity{});
    QVERIFY(awaitMessage() == meshlink::ToHelper(meshlink::WatchActivity{}));
}

void HelperLinkTest::waitsForOneThatIsNot()
{
    m_link->start();
    QTest::qWait(100);
    QVERIFY(!m_link->isAttached());
    m_helper->appear();
    QTRY_VERIFY(m_link->isAttached());
    QCOMPARE(m_helper->attempts, 1);
}

void HelperLinkTest::attachesAgainToTheNextOne()
{
    QSignalSpy lost(m_link.get(), &HelperLink::lost);
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    m_helper->disappear();
    QTRY_COMPARE(lost.count(), 1);
    QVERIFY(!m_link->isAttached());
    m_helper->appear();
    QTRY_VERIFY(m_link->isAttached());
    QTRY_VERIFY(m_helper->isAttached());
}

void HelperLinkTest::attachesAgainIfOnlyTheSocketIsClosed()
{
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    m_helper->hangUp();
    QTRY_COMPARE(m_helper->attempts, 2);
    QTRY_VERIFY(m_link->isAttached());
}

void HelperLinkTest::whoIsRefusedAsksLessAndLessOften()
{
    m_helper->refuses = true;
    m_helper->appear();
    m_link->start();
    QTRY_COMPARE(m_helper->attempts, 3); // at 0, 0.25 and 0.75 s
    QTest::qWait(700);
    QCOMPARE(m_helper->attempts, 3);
    m_helper->refuses = false;
    QTRY_VERIFY(m_link->isAttached());
}

void HelperLinkTest::answersComeToWhoAsked()
{
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    QStringList told;
    PublicKey peer;
    peer.bytes[0] = 1;
    const Endpoint place = *Endpoint::parse(u"203.0.113.1:53333"_s);
    m_link->ask(meshlink::MoveEndpoint{0, peer, place, 20ms}, 3s,
        [&](const meshlink::ToMesh *answer) { told.append(answer ? u"moved"_s : u"-"_s); });
    m_link->ask(
        meshlink::ReadStats{}, 3s, [&](const meshlink::ToMesh *answer) { told.append(answer ? u"stats"_s : u"-"_s); });
    const auto move = awaitMessage();
    const auto stats = awaitMessage();
    QVERIFY(move && stats);
    m_helper->tell(meshlink::Stats{std::get<meshlink::ReadStats>(*stats).request, true, {}});
    m_helper->tell(meshlink::Moved{std::get<meshlink::MoveEndpoint>(*move).request, MoveOutcome::Held, place});
    QTRY_COMPARE(told, QStringList({u"stats"_s, u"moved"_s}));
}

void HelperLinkTest::withoutAnAnswerThereIsNothingInTime()
{
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    int told = 0;
    m_link->ask(meshlink::ReadStats{}, 200ms, [&](const meshlink::ToMesh *answer) { told += answer ? 100 : 1; });
    QCOMPARE(told, 0);
    QTRY_COMPARE(told, 1);
    const auto late = awaitMessage();
    QVERIFY(late.has_value());
    m_helper->tell(meshlink::Stats{std::get<meshlink::ReadStats>(*late).request, true, {}});
    QTest::qWait(50);
    QCOMPARE(told, 1);
}

void HelperLinkTest::withoutAHelperThereIsNothingAtOnce()
{
    int told = 0;
    m_link->ask(meshlink::ReadStats{}, 60s, [&](const meshlink::ToMesh *answer) { told += answer ? 100 : 1; });
    QCOMPARE(told, 0);
    QTRY_COMPARE(told, 1);
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    m_link->ask(meshlink::ReadStats{}, 60s, [&](const meshlink::ToMesh *answer) { told += answer ? 100 : 1; });
    m_helper->disappear();
    QTRY_COMPARE(told, 2);
}

void HelperLinkTest::aHelperThatTakesNothingIsLeft()
{
    QSignalSpy lost(m_link.get(), &HelperLink::lost);
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    // Probes are dropped, as a network drops them.
    const Endpoint place = *Endpoint::parse(u"203.0.113.1:53333"_s);
    for (int i = 0; i < 20000; ++i)
        m_link->tell(meshlink::SendProbe{place, 0, QByteArray(128, '\1')});
    QCOMPARE(lost.count(), 0);
    for (int i = 0; i < 300; ++i)
        m_link->tell(meshlink::WatchActivity{});
    QCOMPARE(lost.count(), 1);
    QTRY_VERIFY(m_link->isAttached());
}

void HelperLinkTest::rubbishEndsIt()
{
    m_helper->appear();
    m_link->start();
    QTRY_VERIFY(m_link->isAttached());
    QSignalSpy lost(m_link.get(), &HelperLink::lost);
    m_helper->tellBytes("rubbish");
    QTRY_COMPARE(lost.count(), 1);
    QTRY_VERIFY(m_link->isAttached());
    m_helper->tellBytes(QByteArray(190000, '\0'));
    QTRY_COMPARE(lost.count(), 2);
}

QTEST_GUILESS_MAIN(HelperLinkTest)
#include "helper_link_test.moc"
