// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/ways.h"
#include "core/wire/path_words.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kLan = u"10.41.1.4:53333"_s;
const QString kPublic = u"123.45.67.89:54445"_s;

PeerSnapshot nas()
{
    PeerSnapshot peer;
    peer.name = u"nas"_s;
    peer.publicKey = sample::key(u"nas"_s);
    peer.endpoint = kLan;
    peer.candidates = {{kLan, u"manual"_s, u"in-use"_s}, {kPublic, u"manual"_s, u"possible"_s}};
    return peer;
}

LedgerCandidate candidate(const QString &address, CandidateState state)
{
    LedgerCandidate value;
    value.written = *HostEndpoint::parse(address);
    if (const auto endpoint = value.written.numeric())
        value.endpoint = *endpoint;
    value.state = state;
    return value;
}

LedgerPeer ledger(std::vector<LedgerCandidate> candidates)
{
    LedgerPeer peer;
    peer.publicKey = sample::key(u"nas"_s);
    peer.hasAgent = true;
    peer.candidates = std::move(candidates);
    return peer;
}

Way second(const LedgerCandidate &other, const PeerSnapshot &peer = nas())
{
    const LedgerPeer known = ledger({candidate(kLan, CandidateState::InUse), other});
    return waysTo(peer, &known).candidates.at(1);
}

} // namespace

class WaysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void withoutMeshd_theHelpersWordsStand();
    void meshd_completesThem();
    void theKernel_knowsBestWhatIsInUse();
    void everyState_hasItsReason_data();
    void everyState_hasItsReason();
    void aPersonsWord_isTheReason();
    void aWordThatNobodyHeeds_isSaid();
    void whatMeshdDoesNotKnowYet_isShown();
    void spansAndRoundTrips_areShort();
};

void WaysTest::withoutMeshd_theHelpersWordsStand()
{
    const Ways ways = waysTo(nas(), nullptr);
    QVERIFY(!ways.hasLedger && !ways.roundTrip);
    QCOMPARE(ways.candidates.size(), 2U);
    QCOMPARE(ways.candidates[0].state, u"in-use"_s);
    QCOMPARE(ways.candidates[1].state, u"possible"_s);
    QCOMPARE(ways.candidates[1].reason, u"Not used: another one comes first."_s);
}

void WaysTest::meshd_completesThem()
{
    LedgerCandidate lan = candidate(kLan, CandidateState::InUse);
    lan.roundTrip = 1234us;
    lan.known = 60s;
    lan.successes = 7;
    const LedgerPeer known = ledger({lan, candidate(kPublic, CandidateState::Verified)});
    const Ways ways = waysTo(nas(), &known);
    QVERIFY(ways.hasLedger && ways.hasAgent && !ways.isOnLink);
    QCOMPARE(ways.candidates.size(), 2U);
    QVERIFY2(ways.roundTrip == 1234us, "the round trip of the device is that of the way in use");
    QVERIFY(ways.candidates[0].known == 60s);
    QCOMPARE(ways.candidates[0].successes, 7U);
}

void WaysTest::theKernel_knowsBestWhatIsInUse()
{
    PeerSnapshot moved = nas();
    moved.endpoint = kPublic;
    const LedgerPeer known
        = ledger({candidate(kLan, CandidateState::InUse), candidate(kPublic, CandidateState::Verified)});
    const Ways ways = waysTo(moved, &known);
    QCOMPARE(ways.candidates[0].state, u"verified"_s);
    QCOMPARE(ways.candidates[1].state, u"in-use"_s);
}

void WaysTest::everyState_hasItsReason_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("reason");
    const auto row = [](CandidateState state, const QString &reason) {
        QTest::newRow(qPrintable(wordOf(state))) << int(state) << reason;
    };
    row(CandidateState::Verified, u"Not used: it answered 5 s ago, but the one in use is better."_s);
    row(CandidateState::Waiting, u"Not used yet: it will be asked."_s);
    row(CandidateState::Asked, u"Not used yet: it was asked just now."_s);
    row(CandidateState::Silent, u"Not used: it has not answered for 5 s."_s);
    row(CandidateState::NotHere, u"Not used: it cannot be reached from the networks that this machine is on."_s);
    row(CandidateState::Relayed, u"Not used: somebody else answers there and passes it on."_s);
    row(CandidateState::Forbidden, u"Not used: it lies inside the mesh itself."_s);
    row(CandidateState::Unresolved, u"Not used: its name has no address."_s);
}

void WaysTest::everyState_hasItsReason()
{
    QFETCH(int, state);
    QFETCH(QString, reason);
    LedgerCandidate other = candidate(kPublic, CandidateState(state));
    other.sinceAnswer = 5s;
    QCOMPARE(second(other).reason, reason);
}

void WaysTest::aPersonsWord_isTheReason()
{
    PeerSnapshot pinned = nas();
    pinned.candidates[0].preference = Preference::Pin;
    QCOMPARE(second(candidate(kPublic, CandidateState::Verified), pinned).reason,
        u"Not used: it answers, but you pinned another one."_s);
    PeerSnapshot forbidden = nas();
    forbidden.candidates[1].preference = Preference::Forbid;
    QCOMPARE(second(candidate(kPublic, CandidateState::Forbidden), forbidden).reason, u"Not used: you forbade it."_s);
    PeerSnapshot preferred = nas();
    preferred.candidates[0].preference = Preference::Prefer;
    const LedgerPeer known = ledger({candidate(kLan, CandidateState::InUse)});
    QCOMPARE(waysTo(preferred, &known).candidates[0].reason, u"In use: you prefer it."_s);
    QCOMPARE(second(candidate(kPublic, CandidateState::Silent)).reason, u"Not used: it has never answered."_s);
}

void WaysTest::aWordThatNobodyHeeds_isSaid()
{
    PeerSnapshot peer = nas();
    peer.candidates[0].preference = Preference::Forbid;
    peer.candidates[1].preference = Preference::Pin;
    for (const Way &way : waysTo(peer, nullptr).candidates)
        QVERIFY2(
            way.reason.contains(u"sallyport-meshd, which would heed that, does not run"_s), qPrintable(way.reason));
}

void WaysTest::whatMeshdDoesNotKnowYet_isShown()
{
    const LedgerPeer known = ledger({candidate(kLan, CandidateState::InUse)});
    const Ways ways = waysTo(nas(), &known);
    QCOMPARE(ways.candidates.size(), 2U);
    QCOMPARE(ways.candidates[1].address, kPublic);
    QVERIFY(ways.candidates[1].reason.contains(u"has not taken it up yet"_s));
}

void WaysTest::spansAndRoundTrips_areShort()
{
    QCOMPARE(spanOf(3s), u"3 s"_s);
    QCOMPARE(spanOf(120s), u"2 min"_s);
    QCOMPARE(spanOf(48h), u"2 d"_s);
    QCOMPARE(roundTripText(400us), u"0.4 ms"_s);
    QCOMPARE(roundTripText(12345us), u"12 ms"_s);
}

QTEST_GUILESS_MAIN(WaysTest)
#include "ways_test.moc"
