// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/probe_pair.h"
#include "tests/support/random_paths.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

NetworkPrint samplePrint()
{
    return {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
}

Probe samplePing()
{
    return Ping{0x0123456789abcdef, true, true, samplePrint()};
}

Probe samplePong()
{
    return Pong{0x0123456789abcdef, {*IpAddress::parse(u"192.0.2.1"), 0x1234, 0}, *IpAddress::parse(u"2001::ff"),
        std::chrono::microseconds(0x0a0b0c0d), samplePrint()};
}

QByteArray filledUp(const char *hex)
{
    return QByteArray::fromHex(hex).leftJustified(80, '\0');
}

/// Kind, flags, transaction, network.
QByteArray pingBox()
{
    return filledUp("01 03 efcdab8967452301 1122334455667788");
}

/// Kind, flags, transaction; seen from: family, address, port; received at: family, address; held, network.
QByteArray pongBox()
{
    return filledUp("02 00 efcdab8967452301 04 c0000201000000000000000000000000 3412"
                    "06 200100000000000000000000000000ff 0d0c0b0a 1122334455667788");
}

QByteArray with(QByteArray bytes, qsizetype at, int value)
{
    bytes[at] = static_cast<char>(value);
    return bytes;
}

void addTwist(const char *what, qsizetype at, const QByteArray &box)
{
    QTest::newRow(qPrintable(u"%1 at %2: %3"_s.arg(QLatin1String(what)).arg(at).arg(quint8(box[at])))) << box;
}

} // namespace

class ProbeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasSealedOpens();
    void theLayoutIsTheDocumentedOne();
    void whatWasSealedByHandOpens();
    void aLongPauseIsWrittenAsTheLongestThatFits();
    void everyFlippedBitIsRefused();
    void otherLengthsAreRefused();
    void whatIsForSomebodyElseIsRefused();
    void aReflectedProbeIsRefused();
    void aStrangersProbeIsRefused();
    void wrongWordsUnderAGoodSealAreRefused_data();
    void wrongWordsUnderAGoodSealAreRefused();
    void peersThatAreGoneAreForgotten();
    void theSenderIsFoundAmongMany();
};

void ProbeTest::whatWasSealedOpens()
{
    const ProbePair pair;
    RandomPaths random(seedOfThisRun());
    for (int i = 0; i < 500; ++i) {
        const Probe probe = i % 2 == 0 ? random.ping() : random.pong();
        const QByteArray toB = pair.fromA(probe);
        const QByteArray toA = pair.fromB(probe);
        QCOMPARE(toB.size(), 128);
        const auto atB = pair.atB.open(view(toB));
        const auto atA = pair.atA.open(view(toA));
        QVERIFY(atB && atA);
        QVERIFY(atB->probe == probe && atA->probe == probe);
        QVERIFY(atB->peer == pair.aPublic && atA->peer == pair.bPublic);
        QVERIFY(std::ranges::equal(atB->nonce, view(toB.first(24))));
    }
}

void ProbeTest::theLayoutIsTheDocumentedOne()
{
    const ProbePair pair;
    for (const auto &[probe, box] : {std::pair(samplePing(), pingBox()), std::pair(samplePong(), pongBox())}) {
        const QByteArray payload = pair.fromA(probe);
        QCOMPARE(payload.mid(24, 8), hintOf(pair.aPublic, pair.bPublic, payload.first(24)));
        QCOMPARE(openedByHand(pair.aToB(), payload).toHex(), box.toHex());
    }
}

void ProbeTest::whatWasSealedByHandOpens()
{
    const ProbePair pair;
    for (const auto &[probe, box] : {std::pair(samplePing(), pingBox()), std::pair(samplePong(), pongBox())}) {
        const auto opened = pair.atB.open(view(sealedByHand(pair.aToB(), randomBytes(24), box)));
        QVERIFY(opened);
        QVERIFY(opened->probe == probe);
    }
}

void ProbeTest::aLongPauseIsWrittenAsTheLongestThatFits()
{
    const ProbePair pair;
    Pong pong = std::get<Pong>(samplePong());
    for (const auto &[held, read] : {std::pair(std::chrono::hours(2), 0xffffffffLL), {std::chrono::hours(-1), 0LL}}) {
        pong.held = held;
        const auto opened = pair.atB.open(view(pair.fromA(pong)));
        QVERIFY(opened);
        QCOMPARE(std::get<Pong>(opened->probe).held.count(), read);
    }
}

void ProbeTest::everyFlippedBitIsRefused()
{
    const ProbePair pair;
    const QByteArray payload = pair.fromA(samplePong());
    for (int bit = 0; bit < 128 * 8; ++bit) {
        const QByteArray changed = with(payload, bit / 8, payload[bit / 8] ^ 1 << bit % 8);
        QVERIFY2(!pair.atB.open(view(changed)), qPrintable(u"bit %1 of byte %2"_s.arg(bit % 8).arg(bit / 8)));
    }
    QVERIFY(pair.atB.open(view(payload)));
}

void ProbeTest::otherLengthsAreRefused()
{
    const ProbePair pair;
    const QByteArray payload = pair.fromA(samplePing());
    for (qsizetype size = 0; size < payload.size(); ++size)
        QVERIFY(!pair.atB.open(view(payload.first(size))));
    QVERIFY(!pair.atB.open(view(payload + '\0')));
    QVERIFY(!pair.atB.open(view(payload.leftJustified(1452, '\0'))));
    QVERIFY(!pair.atB.open(view('\0' + payload)));
}

void ProbeTest::whatIsForSomebodyElseIsRefused()
{
    const ProbePair pair;
    const SecretKey c = SecretKey::generatePrivate();
    const SecretKey withA = *pairKeyOf(c, pair.aPublic);
    ProbeOpener atC(c.publicKey());
    atC.setPeers({{pair.aPublic, &withA}});
    QVERIFY(!atC.open(view(pair.fromA(samplePing()))));
    // The mask alone must not be what keeps it closed: C knows every public key and can make the hint its own.
    QByteArray payload = pair.fromA(samplePing());
    payload.replace(24, 8, hintOf(pair.aPublic, c.publicKey(), payload.first(24)));
    QVERIFY(!atC.open(view(payload)));
    // Nor the key alone: not even with that of the pair is it for C.
    atC.setPeers({{pair.aPublic, &pair.aPairKey}});
    QVERIFY(!atC.open(view(payload)));
}

void ProbeTest::aReflectedProbeIsRefused()
{
    const ProbePair pair;
    QByteArray payload = pair.fromA(samplePing());
    QVERIFY(!pair.atA.open(view(payload)));
    // With the hint that B would have made: only the names under the seal are still A to B.
    payload.replace(24, 8, hintOf(pair.bPublic, pair.aPublic, payload.first(24)));
    QVERIFY(!pair.atA.open(view(payload)));
}

void ProbeTest::aStrangersProbeIsRefused()
{
    const ProbePair pair;
    const SecretKey stranger = SecretKey::generatePrivate();
    const SecretKey withB = *pairKeyOf(stranger, pair.bPublic);
    QVERIFY(!pair.atB.open(view(sealed(samplePing(), stranger.publicKey(), pair.bPublic, withB))));
    QVERIFY(!pair.atB.open(view(sealed(samplePing(), pair.aPublic, pair.bPublic, withB))));
}

void ProbeTest::wrongWordsUnderAGoodSealAreRefused_data()
{
    QTest::addColumn<QByteArray>("box");
    for (const int kind : {0, 3, 129, 255})
        addTwist("kind", 0, with(pingBox(), 0, kind));
    for (int bit = 0; bit < 8; ++bit) {
        if (bit >= 2)
            addTwist("flag of a ping", 1, with(pingBox(), 1, 3 | 1 << bit));
        addTwist("flag of a pong", 1, with(pongBox(), 1, 1 << bit));
    }
    for (const int family : {0, 5, 255})
        addTwist("family", 10, with(pongBox(), 10, family));
    addTwist("IPv6 address called IPv4", 29, with(pongBox(), 29, 4));
    for (const int at : {15, 20, 26})
        addTwist("after an IPv4 address", at, with(pongBox(), at, 1));
    addTwist("port", 27, with(with(pongBox(), 27, 0), 28, 0));
    for (int at = 18; at < 80; ++at)
        addTwist("padding of a ping", at, with(pingBox(), at, 1));
    for (int at = 58; at < 80; ++at)
        addTwist("padding of a pong", at, with(pongBox(), at, 128));
}

void ProbeTest::wrongWordsUnderAGoodSealAreRefused()
{
    QFETCH(QByteArray, box);
    static const ProbePair pair;
    QVERIFY(!pair.atB.open(view(sealedByHand(pair.aToB(), randomBytes(24), box))));
}

void ProbeTest::peersThatAreGoneAreForgotten()
{
    ProbePair pair;
    const QByteArray payload = pair.fromA(samplePing());
    QVERIFY(pair.atB.open(view(payload)));
    pair.atB.setPeers({});
    QVERIFY(!pair.atB.open(view(payload)));
}

void ProbeTest::theSenderIsFoundAmongMany()
{
    const SecretKey own = SecretKey::generatePrivate();
    std::vector<SecretKey> keys;
    std::vector<std::pair<PublicKey, const SecretKey *>> peers;
    std::vector<QByteArray> payloads;
    for (int i = 0; i < 50; ++i) {
        const SecretKey peer = SecretKey::generatePrivate();
        keys.push_back(*pairKeyOf(own, peer.publicKey()));
        payloads.push_back(sealed(samplePing(), peer.publicKey(), own.publicKey(), *pairKeyOf(peer, own.publicKey())));
        peers.emplace_back(peer.publicKey(), nullptr);
    }
    for (std::size_t i = 0; i < keys.size(); ++i)
        peers[i].second = &keys[i];
    ProbeOpener opener(own.publicKey());
    opener.setPeers(peers);
    for (std::size_t i = 0; i < peers.size(); ++i) {
        const auto opened = opener.open(view(payloads[i]));
        QVERIFY(opened);
        QVERIFY(opened->peer == peers[i].first);
    }
}

QTEST_GUILESS_MAIN(ProbeTest)
#include "probe_test.moc"
