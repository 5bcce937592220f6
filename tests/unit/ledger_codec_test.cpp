// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/json.h"
#include "core/wire/ledger_codec.h"
#include "core/wire/path_words.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kNas = u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s;

LedgerCandidate onTheLan()
{
    LedgerCandidate candidate;
    candidate.written = *HostEndpoint::parse(u"10.41.1.4:53333");
    candidate.endpoint = *Endpoint::parse(u"10.41.1.4:53333");
    candidate.state = CandidateState::InUse;
    candidate.preference = Preference::Pin;
    candidate.roundTrip = 1234us;
    candidate.sinceAnswer = 3s;
    candidate.known = 86400s;
    candidate.successes = 7;
    candidate.failures = 1;
    return candidate;
}

LedgerCandidate byName()
{
    LedgerCandidate candidate;
    candidate.written = *HostEndpoint::parse(u"nas.example.net:54445");
    candidate.source = CandidateSource::Dns;
    candidate.state = CandidateState::Unresolved;
    return candidate;
}

LedgerCandidate nextDoor()
{
    LedgerCandidate candidate;
    candidate.written = *HostEndpoint::parse(u"[fe80::1]:53333");
    candidate.endpoint = *Endpoint::parse(u"[fe80::1]:53333");
    candidate.endpoint->scopeId = 3;
    candidate.source = CandidateSource::Observed;
    candidate.state = CandidateState::Relayed;
    return candidate;
}

std::vector<LedgerPeer> sample()
{
    LedgerPeer nas;
    nas.publicKey = *PublicKey::parse(kNas);
    nas.hasAgent = true;
    nas.isOnLink = true;
    nas.roundTrip = 1234us;
    nas.candidates = {onTheLan(), byName(), nextDoor()};
    return {nas};
}

/// The sample with one key of its first candidate replaced.
LedgerCandidate readWith(const QString &key, const QVariant &value)
{
    QVariantMap map = encodeLedger(sample());
    QVariantMap peer = map.value(u"peers"_s).toList().first().toMap();
    QVariantMap candidate = peer.value(u"candidates"_s).toList().first().toMap();
    candidate.insert(key, value);
    peer.insert(u"candidates"_s, QVariantList{candidate});
    map.insert(u"peers"_s, QVariantList{peer});
    return decodeLedger(map).at(0).candidates.at(0);
}

} // namespace

class LedgerCodecTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ledger_survivesTheBusAndJson();
    void units_areInTheNames();
    void everyWord_isReadBack();
    void unknownWords_becomeTheNearestDefault();
    void impossibleNumbers_areNone_data();
    void impossibleNumbers_areNone();
    void whatHasNoName_isLeftOut();
    void anotherSchema_isNotRead();
    void uses_areReadStrictly();
};

void LedgerCodecTest::ledger_survivesTheBusAndJson()
{
    QVERIFY(decodeLedger(encodeLedger(sample())) == sample());
    const auto fromJson = readJson(writeJson(encodeLedger(sample())));
    QVERIFY(fromJson);
    QVERIFY(decodeLedger(*fromJson) == sample());
    QVERIFY(decodeLedger(encodeLedger({})).empty());
}

void LedgerCodecTest::units_areInTheNames()
{
    const QVariantMap map = encodeLedger(sample());
    QCOMPARE(map.value(u"schema"_s).toInt(), 1);
    const QVariantMap peer = map.value(u"peers"_s).toList().first().toMap();
    QCOMPARE(peer.value(u"publicKey"_s).toString(), kNas);
    QCOMPARE(peer.value(u"roundTripMicroseconds"_s).toInt(), 1234);
    QCOMPARE(peer.value(u"agent"_s), QVariant(true));
    QCOMPARE(peer.value(u"onLink"_s), QVariant(true));
    const QVariantList candidates = peer.value(u"candidates"_s).toList();
    const QVariantMap lan = candidates[0].toMap();
    QCOMPARE(lan.value(u"address"_s).toString(), u"10.41.1.4:53333"_s);
    QCOMPARE(lan.value(u"endpoint"_s).toString(), u"10.41.1.4:53333"_s);
    QCOMPARE(lan.value(u"state"_s).toString(), u"in-use"_s);
    QCOMPARE(lan.value(u"source"_s).toString(), u"manual"_s);
    QCOMPARE(lan.value(u"preference"_s).toString(), u"pin"_s);
    QCOMPARE(lan.value(u"roundTripMicroseconds"_s).toInt(), 1234);
    QCOMPARE(lan.value(u"sinceAnswerSeconds"_s).toInt(), 3);
    QCOMPARE(lan.value(u"knownSeconds"_s).toInt(), 86400);
    QCOMPARE(lan.value(u"successes"_s).toInt(), 7);
    QCOMPARE(lan.value(u"failures"_s).toInt(), 1);
    QVERIFY2(!candidates[1].toMap().contains(u"endpoint"_s), "a name without an address has no endpoint");
    QVERIFY(!candidates[1].toMap().contains(u"roundTripMicroseconds"_s));
    QCOMPARE(candidates[2].toMap().value(u"interfaceIndex"_s).toInt(), 3);
}

void LedgerCodecTest::everyWord_isReadBack()
{
    for (const QString &word : {u"in-use"_s, u"verified"_s, u"waiting"_s, u"asked"_s, u"silent"_s, u"not-here"_s,
             u"relayed"_s, u"forbidden"_s, u"unresolved"_s})
        QCOMPARE(wordOf(readWith(u"state"_s, word).state), word);
    for (const QString &word : {u"manual"_s, u"dns"_s, u"lan"_s, u"gossip"_s, u"observed"_s, u"mapped"_s})
        QCOMPARE(wordOf(readWith(u"source"_s, word).source), word);
    for (const QString &word : {u"none"_s, u"prefer"_s, u"pin"_s, u"forbid"_s})
        QCOMPARE(wordOf(readWith(u"preference"_s, word).preference), word);
}

void LedgerCodecTest::unknownWords_becomeTheNearestDefault()
{
    QCOMPARE(readWith(u"state"_s, u"quantum"_s).state, CandidateState::Waiting);
    QCOMPARE(readWith(u"state"_s, 7).state, CandidateState::Waiting);
    QCOMPARE(readWith(u"source"_s, u"IN-USE"_s).source, CandidateSource::Manual);
    QCOMPARE(readWith(u"preference"_s, QVariantMap()).preference, Preference::None);
}

void LedgerCodecTest::impossibleNumbers_areNone_data()
{
    QTest::addColumn<QVariant>("number");
    QTest::newRow("negative") << QVariant(-1);
    QTest::newRow("text") << QVariant(u"12"_s);
    QTest::newRow("not a number") << QVariant(std::nan(""));
    QTest::newRow("endless") << QVariant(std::numeric_limits<double>::infinity());
    QTest::newRow("half") << QVariant(0.5);
    QTest::newRow("beyond a signed number") << QVariant(std::numeric_limits<qulonglong>::max());
    QTest::newRow("a list") << QVariant(QVariantList{1});
}

void LedgerCodecTest::impossibleNumbers_areNone()
{
    QFETCH(QVariant, number);
    QVERIFY(!readWith(u"roundTripMicroseconds"_s, number).roundTrip);
    QVERIFY(!readWith(u"sinceAnswerSeconds"_s, number).sinceAnswer);
    QVERIFY(!readWith(u"knownSeconds"_s, number).known);
    QCOMPARE(readWith(u"successes"_s, number).successes, 0U);
    QCOMPARE(readWith(u"failures"_s, QVariant(1e12)).failures, 0U);
    QVERIFY(!readWith(u"endpoint"_s, number).endpoint);
    QVERIFY2(!readWith(u"endpoint"_s, u"nas.example.net:1"_s).endpoint, "a name is no endpoint");
}

void LedgerCodecTest::whatHasNoName_isLeftOut()
{
    QVariantMap map = encodeLedger(sample());
    QVariantMap peer = map.value(u"peers"_s).toList().first().toMap();
    peer.insert(u"candidates"_s, QVariantList{7, QVariantMap(), QVariantMap{{u"address"_s, u"10.41.1.4"_s}}});
    map.insert(u"peers"_s, QVariantList{peer, QVariantMap(), u"nas"_s, QVariantMap{{u"publicKey"_s, kNas.left(43)}}});
    const std::vector<LedgerPeer> ledger = decodeLedger(map);
    QCOMPARE(ledger.size(), 1U);
    QVERIFY(ledger[0].candidates.empty());
    map.insert(u"peers"_s, u"none"_s);
    QVERIFY(decodeLedger(map).empty());
}

void LedgerCodecTest::anotherSchema_isNotRead()
{
    QVariantMap map = encodeLedger(sample());
    map.insert(u"schema"_s, 2);
    QVERIFY(decodeLedger(map).empty());
    map.remove(u"schema"_s);
    QVERIFY(decodeLedger(map).empty());
}

void LedgerCodecTest::uses_areReadStrictly()
{
    QVERIFY(*parsePreference(u"forbid") == Preference::Forbid);
    for (const QString &wrong : {u""_s, u"Pin"_s, u"pinned"_s, u"waiting"_s})
        QVERIFY2(!parsePreference(wrong), qPrintable(wrong));
}

QTEST_GUILESS_MAIN(LedgerCodecTest)
#include "ledger_codec_test.moc"
