// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/ipc/unwrap.h"
#include "core/probe/pair_key.h"
#include "core/probe/probe_seal.h"
#include "core/wire/ledger_codec.h"
#include "tests/ipc/fake_mesh_helper.h"

#include <QDBusPendingReply>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <csignal>
#include <sodium.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 10000;

Endpoint place(const char *text)
{
    return *Endpoint::parse(QLatin1StringView(text).toString());
}

/// The device that meshd runs on, and one that it knows.
struct Pair {
    SecretKey here = SecretKey::generatePrivate();
    SecretKey there = SecretKey::generatePrivate();
    SecretKey pairKey = *pairKeyOf(there, here.publicKey());

    meshlink::ProbeArrived question(quint64 transaction) const
    {
        const QByteArray payload
            = sealed(Ping{.transaction = transaction}, there.publicKey(), here.publicKey(), pairKey);
        return {place("198.51.100.1:53333"), *IpAddress::parse(u"203.0.113.1"), 1, payload};
    }

    std::optional<Pong> answerIn(const meshlink::ToHelper &message) const
    {
        const auto *sent = std::get_if<meshlink::SendProbe>(&message);
        if (!sent)
            return {};
        ProbeOpener opener(there.publicKey());
        opener.setPeers({{here.publicKey(), &pairKey}});
        const auto opened = opener.open(
            {reinterpret_cast<const quint8 *>(sent->payload.constData()), std::size_t(sent->payload.size())});
        const auto *pong = opened ? std::get_if<Pong>(&opened->probe) : nullptr;
        return pong ? std::optional(*pong) : std::nullopt;
    }
};

/// Processor time of a process, so far.
std::chrono::milliseconds processorTime(qint64 process)
{
    QFile file(u"/proc/%1/stat"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0ms;
    const QByteArray line = file.readAll();
    const QList<QByteArray> fields = line.sliced(line.lastIndexOf(')') + 2).split(' ');
    return std::chrono::milliseconds((fields[11].toLongLong() + fields[12].toLongLong()) * 1000 / sysconf(_SC_CLK_TCK));
}

} // namespace

/// The whole meshd, as the user that nobody is, on a private bus.
class MeshdTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void rootIsNotLetIn();
    void endsWhenItIsAsked();
    void endsWithTheBus();
    void onlyItsUserMayHaveTheName();
    void aPeersQuestionIsAnswered_oncePerQuestion();
    void theLedgerIsForEverybody();
    void theNextHelperIsFound();
    void aFloodOfGarbageCostsLittleAndHidesNothing();

private:
    void start(uid_t user = kSomebody);
    void setUpHome();
    std::optional<Pong> awaitAnswer();

    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<FakeMeshHelper> m_helper;
    std::unique_ptr<QProcess> m_meshd;
    Pair m_pair;
};

void MeshdTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void MeshdTest::init()
{
    m_bus = std::make_unique<PrivateBus>();
    m_helper = std::make_unique<FakeMeshHelper>(*m_bus);
    m_meshd = std::make_unique<QProcess>();
    // Nobody may have no way to the folder of the build.
    QVERIFY(QFile::copy(QStringLiteral(SALLYPORT_MESHD), m_bus->folder() + u"/meshd"_s));
}

void MeshdTest::cleanup()
{
    if (m_meshd->state() == QProcess::Running) {
        m_meshd->kill();
        m_meshd->waitForFinished(kPatienceMs);
    }
    m_meshd.reset();
    m_helper.reset();
    m_bus.reset();
}

void MeshdTest::start(uid_t user)
{
    m_meshd->setProcessEnvironment(m_bus->environment());
    m_meshd->setProcessChannelMode(QProcess::ForwardedChannels);
    m_meshd->setChildProcessModifier([user] {
        if (setgid(user) != 0 || setuid(user) != 0)
            _exit(99);
        endWithParent();
    });
    m_meshd->start(m_bus->folder() + u"/meshd"_s, QStringList());
    QVERIFY(m_meshd->waitForStarted(kPatienceMs));
}

void MeshdTest::setUpHome()
{
    m_helper->appear();
    start();
    QTRY_VERIFY_WITH_TIMEOUT(m_helper->isAttached(), kPatienceMs);
    meshlink::HomeSetup setup;
    setup.generation = 1;
    setup.own = m_pair.here.publicKey();
    setup.listenPort = 53333;
    setup.interfaceIndex = 99;
    setup.peerCount = 1;
    setup.addresses = {*InterfaceAddress::parse(u"10.42.1.2/16")};
    m_helper->tell(setup);
    meshlink::PeerSetup peer;
    peer.generation = 1;
    peer.peer.publicKey = m_pair.there.publicKey();
    peer.peer.allowedIps = {*Prefix::parse(u"10.42.1.4")};
    peer.peer.places = {{*HostEndpoint::parse(u"198.51.100.1:53333"), EndpointScope::Any, {}}};
    std::ranges::copy(m_pair.pairKey.bytes(), peer.pairKey.begin());
    m_helper->tell(peer);
}

/// Until there is one, or none within a second.
std::optional<Pong> MeshdTest::awaitAnswer()
{
    std::optional<Pong> answer;
    [[maybe_unused]] const bool isThere = QTest::qWaitFor(
        [&] {
            while (auto message = m_helper->hear()) {
                if ((answer = m_pair.answerIn(*message)))
                    return true;
            }
            return false;
        },
        1000);
    return answer;
}

void MeshdTest::rootIsNotLetIn()
{
    start(kRoot);
    QVERIFY(m_meshd->waitForFinished(kPatienceMs));
    QCOMPARE(m_meshd->exitCode(), 1);
}

void MeshdTest::endsWhenItIsAsked()
{
    start();
    QTRY_VERIFY_WITH_TIMEOUT(m_bus->hasOwner(QString::fromLatin1(kMeshBusName)), kPatienceMs);
    m_meshd->terminate();
    QVERIFY(m_meshd->waitForFinished(kPatienceMs));
    QCOMPARE(m_meshd->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_meshd->exitCode(), 0);
}

void MeshdTest::endsWithTheBus()
{
    start();
    QTRY_VERIFY_WITH_TIMEOUT(m_bus->hasOwner(QString::fromLatin1(kMeshBusName)), kPatienceMs);
    m_bus->stop();
    QVERIFY(m_meshd->waitForFinished(kPatienceMs));
    QCOMPARE(m_meshd->exitStatus(), QProcess::NormalExit);
    QCOMPARE(m_meshd->exitCode(), 1);
}

void MeshdTest::onlyItsUserMayHaveTheName()
{
    for (const uid_t user : {kRoot, kSomebodyElse}) {
        Caller caller(*m_bus, user);
        QVERIFY(!caller.bus().registerService(QString::fromLatin1(kMeshBusName)));
    }
}

void MeshdTest::aPeersQuestionIsAnswered_oncePerQuestion()
{
    setUpHome();
    const meshlink::ProbeArrived question = m_pair.question(77);
    m_helper->tell(question);
    const auto answer = awaitAnswer();
    QVERIFY(answer.has_value());
    QCOMPARE(answer->transaction, 77U);
    QCOMPARE(answer->seenFrom, place("198.51.100.1:53333"));
    QCOMPARE(answer->receivedAt, *IpAddress::parse(u"203.0.113.1"));
    m_helper->tell(question);
    QVERIFY(!awaitAnswer());
}

void MeshdTest::theLedgerIsForEverybody()
{
    setUpHome();
    Caller caller(*m_bus, kSomebodyElse);
    const auto peers = [&] {
        const QDBusMessage call = QDBusMessage::createMethodCall(QString::fromLatin1(kMeshBusName),
            QString::fromLatin1(kMeshObjectPath), QString::fromLatin1(kMeshInterface), u"GetLedger"_s);
        const QDBusPendingReply<QVariantMap> reply = caller.bus().asyncCall(call);
        QDBusPendingCall(reply).waitForFinished();
        const auto plain = unwrap(reply.value());
        return plain ? decodeLedger(*plain) : std::vector<LedgerPeer>();
    };
    QTRY_COMPARE(peers().size(), 1U);
    QCOMPARE(peers().front().publicKey, m_pair.there.publicKey());
    QCOMPARE(peers().front().candidates.front().written, *HostEndpoint::parse(u"198.51.100.1:53333"));
    m_helper->tell(meshlink::HomeGone{});
    QTRY_VERIFY(peers().empty());
}

void MeshdTest::theNextHelperIsFound()
{
    setUpHome();
    m_helper->tell(m_pair.question(1));
    QVERIFY(awaitAnswer());
    m_helper->disappear();
    m_helper->appear();
    QTRY_VERIFY_WITH_TIMEOUT(m_helper->isAttached(), kPatienceMs);
}

void MeshdTest::aFloodOfGarbageCostsLittleAndHidesNothing()
{
    constexpr auto kLasts = 3s;
    setUpHome();
    m_helper->tell(m_pair.question(1));
    QVERIFY(awaitAnswer());
    meshlink::ProbeArrived garbage{
        place("192.0.2.66:4000"), *IpAddress::parse(u"203.0.113.1"), 1, QByteArray(128, '\0')};
    const auto before = processorTime(m_meshd->processId());
    QElapsedTimer timer;
    timer.start();
    qint64 count = 0;
    while (std::chrono::milliseconds(timer.elapsed()) < kLasts) {
        // As many as 100,000 a second, or as meshd takes.
        for (; count < timer.elapsed() * 100; ++count) {
            randombytes_buf(garbage.payload.data(), std::size_t(garbage.payload.size()));
            m_helper->tell(garbage);
        }
        QTest::qWait(1);
    }
    const auto spent = processorTime(m_meshd->processId()) - before;
    qInfo("%lld datagrams a second, %lld %% of one processor", static_cast<long long>(count / kLasts.count()),
        static_cast<long long>(spent * 100 / kLasts));
    timer.restart();
    m_helper->tell(m_pair.question(2));
    QVERIFY(awaitAnswer());
    qInfo("answered %lld ms after it", static_cast<long long>(timer.elapsed()));
    QVERIFY(spent < kLasts);
}

QTEST_GUILESS_MAIN(MeshdTest)
#include "meshd_test.moc"
