// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/codec.h"
#include "tests/support/random_paths.h"

#include <QTest>

#include <algorithm>
#include <new>

using namespace sallyport;
using namespace sallyport::meshlink;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

std::span<const quint8> view(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

/// Decodes in the direction of `like`.
Result<ToMesh> decodedLike(const ToMesh &, const QByteArray &bytes)
{
    return decodeToMesh(view(bytes));
}

Result<ToHelper> decodedLike(const ToHelper &, const QByteArray &bytes)
{
    return decodeToHelper(view(bytes));
}

/// Calls `check` with many messages of every kind in both directions.
template<class Check>
void forMany(int rounds, Check check)
{
    RandomPaths random(seedOfThisRun());
    for (int i = 0; i < rounds; ++i) {
        for (const ToMesh &message : random.toMesh())
            check(message);
        for (const ToHelper &message : random.toHelper())
            check(message);
    }
}

Endpoint endpoint(QStringView text)
{
    return *Endpoint::parse(text);
}

/// With the longest lists, names and addresses that are allowed.
PeerSetup largestPeer()
{
    const QString label(61, u'a');
    const HostEndpoint longest{label + u'.' + label + u'.' + label + u'.' + label + u".abcd."_s, 65535};
    const IpAddress address = *IpAddress::parse(u"2001:db8::1");
    const ConfiguredPlace place{longest, EndpointScope::Public, std::vector(kMostResolved, address)};
    PeerSetup setup;
    setup.peer.publicKey.bytes.fill(1);
    setup.peer.allowedIps.assign(kMostPrefixes, Prefix::host(address));
    setup.peer.routes.assign(kMostPrefixes, Prefix::host(address));
    setup.peer.places.assign(kMostPlaces, place);
    setup.peer.preferences.assign(kMostPreferences, {longest, Preference::Pin});
    return setup;
}

} // namespace

class MeshlinkCodecTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsSaidIsHeard();
    void theLayoutStays();
    void everyTruncationIsRefused();
    void whatIsLeftOverIsRefused();
    void theOtherDirectionIsRefused();
    void otherVersionsAndKindsAreRefused();
    void theLongestListsFit();
    void anEndpointThatIsNoneIsLeftOut_data();
    void anEndpointThatIsNoneIsLeftOut();
    void aPairKeyIsWipedWithItsMessage();
};

void MeshlinkCodecTest::whatIsSaidIsHeard()
{
    forMany(300, [](const auto &message) {
        const QByteArray bytes = encode(message);
        const auto heard = decodedLike(message, bytes);
        QVERIFY2(heard, qPrintable(heard.error().place + u": "_s + heard.error().detail));
        QVERIFY(*heard == message);
        QCOMPARE(encode(*heard), bytes);
    });
}

void MeshlinkCodecTest::theLayoutStays()
{
    PublicKey peer;
    peer.bytes.fill(0xaa);
    const QByteArray move
        = encode(MoveEndpoint{0x01020304, peer, endpoint(u"192.0.2.1:4660"), std::chrono::seconds(1)});
    QCOMPARE(move.toHex(),
        "0183" + QByteArray("04030201") + QByteArray(64, 'a') + "04c0000201" + QByteArray(24, '0') + "341200000000"
            + "40420f00");
    const QByteArray moved = encode(Moved{1, MoveOutcome::SlippedBack, endpoint(u"[2001:db8::1]:1")});
    QCOMPARE(moved.toHex(),
        QByteArray("0106010000000101"
                   "0620010db8000000000000000000000001"
                   "010000000000"));
}

void MeshlinkCodecTest::everyTruncationIsRefused()
{
    forMany(10, [](const auto &message) {
        const QByteArray bytes = encode(message);
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            const auto heard = decodedLike(message, bytes.first(size));
            QVERIFY2(
                !heard, qPrintable(u"%1 of %2 bytes of kind %3"_s.arg(size).arg(bytes.size()).arg(quint8(bytes[1]))));
            QVERIFY(!heard.error().place.isEmpty());
            QVERIFY(!heard.error().detail.isEmpty());
        }
    });
}

void MeshlinkCodecTest::whatIsLeftOverIsRefused()
{
    forMany(10, [](const auto &message) {
        const auto heard = decodedLike(message, encode(message) + '\0');
        QVERIFY(!heard);
        QCOMPARE(heard.error().place, u"end"_s);
    });
    const auto tooLong = decodeToHelper(view(QByteArray(kLargestMessage + 1, '\1')));
    QVERIFY(!tooLong);
    QCOMPARE(tooLong.error().code, Errc::LimitExceeded);
}

void MeshlinkCodecTest::theOtherDirectionIsRefused()
{
    RandomPaths random(seedOfThisRun());
    for (const ToMesh &message : random.toMesh())
        QCOMPARE(decodeToHelper(view(encode(message))).error().place, u"kind"_s);
    for (const ToHelper &message : random.toHelper())
        QCOMPARE(decodeToMesh(view(encode(message))).error().place, u"kind"_s);
}

void MeshlinkCodecTest::otherVersionsAndKindsAreRefused()
{
    int known = 0;
    for (int kind = 0; kind < 256; ++kind) {
        const QByteArray bytes = QByteArray(1, '\1') + static_cast<char>(kind);
        const auto toMesh = decodeToMesh(view(bytes));
        const auto toHelper = decodeToHelper(view(bytes));
        known += toMesh || toMesh.error().place != u"kind" ? 1 : 0;
        known += toHelper || toHelper.error().place != u"kind" ? 1 : 0;
        const QByteArray later = QByteArray(1, '\2') + static_cast<char>(kind);
        QCOMPARE(decodeToMesh(view(later)).error().place, u"version"_s);
        QCOMPARE(decodeToHelper(view(later)).error().place, u"version"_s);
    }
    QCOMPARE(known, 8 + 6);
}

void MeshlinkCodecTest::theLongestListsFit()
{
    RandomPaths random(seedOfThisRun());
    HomeSetup home = random.homeSetup();
    home.addresses.assign(kMostAddresses, *InterfaceAddress::parse(u"fd00::1/64"));
    Stats stats;
    stats.peers.assign(
        kMostStats, {random.key(), endpoint(u"[2001:db8::1]:1"), 1, 1, std::chrono::seconds(std::chrono::hours(1))});
    OnLink onLink;
    onLink.peers.assign(kMostOnLink, {random.key(), 1});
    for (const ToMesh &message : {ToMesh(home), ToMesh(largestPeer()), ToMesh(stats)}) {
        const QByteArray bytes = encode(message);
        QVERIFY2(std::size_t(bytes.size()) <= kLargestMessage, qPrintable(QString::number(bytes.size())));
        const auto heard = decodeToMesh(view(bytes));
        QVERIFY2(heard, qPrintable(heard.error().place));
        QVERIFY(*heard == message);
    }
    const auto heard = decodeToHelper(view(encode(onLink)));
    QVERIFY(heard && *heard == ToHelper(onLink));
}

void MeshlinkCodecTest::anEndpointThatIsNoneIsLeftOut_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<quint16>("port");
    QTest::newRow("port 0") << u"192.0.2.1"_s << quint16(0);
    QTest::newRow("0.0.0.0") << u"0.0.0.0"_s << quint16(1);
    QTest::newRow("::") << u"::"_s << quint16(1);
    QTest::newRow("multicast") << u"224.0.0.1"_s << quint16(1);
    QTest::newRow("IPv6 multicast") << u"ff02::1"_s << quint16(1);
}

/// A second writer can give the kernel an endpoint that is none. It must not make the whole answer unreadable.
void MeshlinkCodecTest::anEndpointThatIsNoneIsLeftOut()
{
    QFETCH(QString, address);
    QFETCH(quint16, port);
    RandomPaths random(seedOfThisRun());
    const Endpoint none{*IpAddress::parse(address), port, 0};
    const auto moved = decodeToMesh(view(encode(Moved{1, MoveOutcome::Held, none})));
    QVERIFY(moved && *moved == ToMesh(Moved{1, MoveOutcome::Held, {}}));
    const PeerStats stats{random.key(), none, 1, 2, {}};
    const auto heard = decodeToMesh(view(encode(Stats{1, true, {stats}})));
    QVERIFY(heard);
    QVERIFY(!std::get<Stats>(*heard).peers.at(0).endpoint);
}

void MeshlinkCodecTest::aPairKeyIsWipedWithItsMessage()
{
    PeerSetup setup = RandomPaths(seedOfThisRun()).peerSetup();
    setup.pairKey.fill(0xa7);
    alignas(ToMesh) std::array<unsigned char, sizeof(ToMesh)> memory{};
    ToMesh *message = new (memory.data()) ToMesh(*decodeToMesh(view(encode(setup))));
    QVERIFY(std::get<PeerSetup>(*message).pairKey == setup.pairKey);
    QVERIFY(std::ranges::count(memory, 0xa7) >= 32);
    message->~ToMesh();
    QVERIFY(std::ranges::count(memory, 0xa7) < 8);
}

QTEST_GUILESS_MAIN(MeshlinkCodecTest)
#include "meshlink_codec_test.moc"
