// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/link/home_assembly.h"
#include "mesh/link/pending_requests.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace std::chrono_literals;

namespace {

PathTime at(std::chrono::seconds time)
{
    return PathTime(time);
}

PublicKey keyOf(quint8 first)
{
    PublicKey key;
    key.bytes[0] = first;
    return key;
}

meshlink::PeerSetup peerOf(quint64 generation, quint8 first)
{
    meshlink::PeerSetup peer;
    peer.generation = generation;
    peer.peer.publicKey = keyOf(first);
    peer.pairKey[0] = first;
    return peer;
}

} // namespace

class PendingRequestsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyQuestionIsSettledOnce();
    void partsAreHandedOverTogether();
    void whoIsToldMayAskAgain();
    void whatWasNotAskedForIsNoAnswer();
    void homeIsWholeWithItsLastPeer();
    void peersOfAnotherGenerationBelongToNothing();
    void withoutAPairKeyThereIsNoProbe();
};

void PendingRequestsTest::everyQuestionIsSettledOnce()
{
    PendingRequests pending;
    QStringList told;
    const auto note = [&](const QString &name) {
        return [&told, name](
                   const meshlink::ToMesh *answer) { told.append(name + QLatin1StringView(answer ? "+" : "-")); };
    };
    const quint32 first = pending.add(at(5s), note(QStringLiteral("a")));
    const quint32 second = pending.add(at(3s), note(QStringLiteral("b")));
    QCOMPARE(pending.firstLimit(), at(3s));
    QVERIFY(pending.take(meshlink::Moved{.request = first, .now = {}}));
    QVERIFY(pending.take(meshlink::Moved{.request = first, .now = {}}));
    pending.expire(at(2s));
    pending.expire(at(3s));
    QVERIFY(pending.take(meshlink::Tried{.request = second, .now = {}}));
    pending.add(at(9s), note(QStringLiteral("c")));
    pending.giveUp();
    QCOMPARE(told, QStringList({QStringLiteral("a+"), QStringLiteral("b-"), QStringLiteral("c-")}));
    QVERIFY(!pending.firstLimit());
}

void PendingRequestsTest::partsAreHandedOverTogether()
{
    PendingRequests pending;
    std::vector<quint8> peers;
    const quint32 request = pending.add(at(5s), [&](const meshlink::ToMesh *answer) {
        for (const PeerStats &peer : std::get<meshlink::Stats>(*answer).peers)
            peers.push_back(peer.publicKey.bytes[0]);
    });
    for (quint8 part = 1; part <= 3; ++part) {
        PeerStats stats;
        stats.publicKey = keyOf(part);
        QVERIFY(peers.empty());
        QVERIFY(pending.take(meshlink::Stats{request, part == 3, {stats}}));
    }
    QCOMPARE(peers, std::vector<quint8>({1, 2, 3}));
}

void PendingRequestsTest::whoIsToldMayAskAgain()
{
    PendingRequests pending;
    int told = 0;
    pending.add(at(1s), [&](const meshlink::ToMesh *) {
        ++told;
        pending.add(at(1s), [&](const meshlink::ToMesh *) { ++told; });
    });
    pending.expire(at(1s));
    QCOMPARE(told, 1);
    pending.expire(at(1s));
    QCOMPARE(told, 2);
}

void PendingRequestsTest::whatWasNotAskedForIsNoAnswer()
{
    PendingRequests pending;
    QVERIFY(!pending.take(meshlink::ActivitySeen{}));
    QVERIFY(!pending.take(meshlink::HomeGone{}));
    QVERIFY(pending.take(meshlink::Stats{77, true, {}}));
}

void PendingRequestsTest::homeIsWholeWithItsLastPeer()
{
    HomeAssembly assembly;
    meshlink::HomeSetup setup;
    setup.generation = 4;
    setup.peerCount = 2;
    QVERIFY(!assembly.take(setup));
    QVERIFY(!assembly.take(peerOf(4, 1)));
    const auto whole = assembly.take(peerOf(4, 2));
    QVERIFY(whole.has_value());
    QCOMPARE(whole->peers.size(), 2U);
    QCOMPARE(whole->pairKeys.at(1).second.bytes()[0], 2);
    // And nothing is left of it.
    QVERIFY(!assembly.take(peerOf(4, 3)));
    setup.peerCount = 0;
    QVERIFY(assembly.take(setup).has_value());
}

void PendingRequestsTest::peersOfAnotherGenerationBelongToNothing()
{
    HomeAssembly assembly;
    meshlink::HomeSetup setup;
    setup.generation = 4;
    setup.peerCount = 1;
    QVERIFY(!assembly.take(setup));
    QVERIFY(!assembly.take(peerOf(3, 1)));
    setup.generation = 5;
    QVERIFY(!assembly.take(setup));
    QVERIFY(!assembly.take(peerOf(4, 1)));
    QVERIFY(assembly.take(peerOf(5, 1)).has_value());
}

void PendingRequestsTest::withoutAPairKeyThereIsNoProbe()
{
    HomeAssembly assembly;
    meshlink::HomeSetup setup;
    setup.peerCount = 1;
    QVERIFY(!assembly.take(setup));
    meshlink::PeerSetup peer;
    peer.peer.publicKey = keyOf(1);
    const auto whole = assembly.take(peer);
    QCOMPARE(whole->peers.size(), 1U);
    QVERIFY(whole->pairKeys.empty());
}

QTEST_GUILESS_MAIN(PendingRequestsTest)
#include "pending_requests_test.moc"
