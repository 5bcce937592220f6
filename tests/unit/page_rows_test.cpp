// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/device_rows.h"
#include "core/present/exit_sections.h"
#include "core/present/proof.h"
#include "core/present/traffic.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kKey = u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s;

PeerSnapshot nas(PeerPhase phase, Via via)
{
    PeerSnapshot peer;
    peer.name = u"nas"_s;
    peer.publicKey = *PublicKey::parse(kKey);
    peer.phase = phase;
    peer.via = via;
    peer.endpoint = u"10.41.1.4:53333"_s;
    return peer;
}

Snapshot homeWith(const PeerSnapshot &peer)
{
    Snapshot snapshot;
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Up;
    snapshot.home.peers = {peer};
    return snapshot;
}

std::vector<LedgerPeer> ledgerWith(std::optional<std::chrono::microseconds> roundTrip)
{
    LedgerPeer peer;
    peer.publicKey = *PublicKey::parse(kKey);
    LedgerCandidate used;
    used.endpoint = *Endpoint::parse(u"10.41.1.4:53333"_s);
    used.written = *HostEndpoint::parse(u"10.41.1.4:53333"_s);
    used.roundTrip = roundTrip;
    peer.candidates = {used};
    return {peer};
}

QStringList texts(const std::vector<Tick> &ticks)
{
    QStringList list;
    for (const Tick &tick : ticks)
        list += tick.text;
    return list;
}

QStringList titles(const std::vector<ExitSection> &sections)
{
    QStringList list;
    for (const ExitSection &section : sections)
        list += section.title;
    return list;
}

} // namespace

Q_DECLARE_METATYPE(sallyport::PeerPhase)
Q_DECLARE_METATYPE(sallyport::Via)
Q_DECLARE_METATYPE(sallyport::PathLine)

class PageRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPathIsAWordAndALine_data();
    void aPathIsAWordAndALine();
    void roundTripsAreOnlyShownWhereSomebodyMeasured();
    void detailsOfAnUnknownDeviceAreNone();
    void nothingIsProvedWhileBothAreOff();
    void theProofNamesWhatWasMeasured();
    void aGuardThatIsOpenIsACross();
    void whatIsPausedIsNotProved();
    void ratesComeFromTwoLooks();
    void ratesBeginAnewAfterAGapOrANewTunnel();
    void aMinuteIsKept();
    void countriesAreKnownByTheirCode_data();
    void countriesAreKnownByTheirCode();
    void sectionsGoFromKnownToUnknown();
    void whatIsSearchedForIsThereOnce();
};

void PageRowsTest::aPathIsAWordAndALine_data()
{
    QTest::addColumn<PeerPhase>("phase");
    QTest::addColumn<Via>("via");
    QTest::addColumn<PathLine>("line");
    QTest::addColumn<QString>("word");
    QTest::newRow("lan") << PeerPhase::Up << Via::Lan << PathLine::Solid << u"on this network"_s;
    QTest::newRow("public") << PeerPhase::Up << Via::Public << PathLine::Dashed << u"through the internet"_s;
    QTest::newRow("relay") << PeerPhase::Up << Via::Relay << PathLine::Dotted << u"through another device"_s;
    QTest::newRow("silent") << PeerPhase::Stale << Via::Lan << PathLine::None << u"does not answer"_s;
    QTest::newRow("down") << PeerPhase::Down << Via::Unknown << PathLine::None << u"does not answer"_s;
    QTest::newRow("never") << PeerPhase::Idle << Via::Unknown << PathLine::None << u"not heard from yet"_s;
}

void PageRowsTest::aPathIsAWordAndALine()
{
    QFETCH(PeerPhase, phase);
    QFETCH(Via, via);
    const auto rows = deviceRows(homeWith(nas(phase, via)), {});
    QCOMPARE(rows.size(), 1U);
    QTEST(rows[0].line, "line");
    QTEST(rows[0].path, "word");
}

void PageRowsTest::roundTripsAreOnlyShownWhereSomebodyMeasured()
{
    const Snapshot up = homeWith(nas(PeerPhase::Up, Via::Lan));
    QCOMPARE(deviceRows(up, {})[0].roundTrip, QString());
    QCOMPARE(deviceRows(up, ledgerWith(std::nullopt))[0].roundTrip, QString());
    QCOMPARE(deviceRows(up, ledgerWith(400us))[0].roundTrip, u"0.4 ms"_s);
    const Snapshot silent = homeWith(nas(PeerPhase::Stale, Via::Lan));
    QCOMPARE(deviceRows(silent, ledgerWith(400us))[0].roundTrip, QString()); // it was once
}

void PageRowsTest::detailsOfAnUnknownDeviceAreNone()
{
    const Snapshot up = homeWith(nas(PeerPhase::Up, Via::Lan));
    QVERIFY(!deviceDetails(up, {}, u"phone"_s));
    const auto details = deviceDetails(up, ledgerWith(400us), u"nas"_s);
    QVERIFY(details);
    QCOMPARE(details->ways.size(), 1U);
    QVERIFY(details->ways[0].isInUse);
    QCOMPARE(details->exitName, QString());
}

void PageRowsTest::nothingIsProvedWhileBothAreOff()
{
    QVERIFY(proofOf(Snapshot(), {}).empty());
}

void PageRowsTest::theProofNamesWhatWasMeasured()
{
    Snapshot snapshot = homeWith(nas(PeerPhase::Up, Via::Lan));
    snapshot.exit.enabled = true;
    snapshot.exit.name = u"stockholm"_s;
    snapshot.exit.phase = Phase::Up;
    snapshot.exit.families = {Family::IPv4, Family::IPv6};
    snapshot.guard.state = GuardState::Connected;
    QCOMPARE(texts(proofOf(snapshot, {})),
        QStringList({u"nas answers"_s, u"stockholm answers"_s, u"IPv4 and IPv6"_s, u"nothing leaves past the exit"_s}));
    QCOMPARE(texts(proofOf(snapshot, ledgerWith(400us)))[0], u"nas answers in 0.4 ms"_s);
    snapshot.exit.families = {Family::IPv4};
    QCOMPARE(texts(proofOf(snapshot, {}))[2], u"IPv4, IPv6 is blocked"_s);
    snapshot.exit.phase = Phase::Starting;
    QVERIFY(proofOf(snapshot, {})[1].verdict == Tick::Verdict::Waiting);
    QCOMPARE(proofOf(snapshot, {}).size(), 3U); // families of an exit that does not answer are a guess
}

void PageRowsTest::aGuardThatIsOpenIsACross()
{
    Snapshot snapshot;
    snapshot.exit.enabled = true;
    snapshot.exit.phase = Phase::Up;
    const auto ticks = proofOf(snapshot, {});
    QCOMPARE(ticks.back().text, u"the guard is open"_s);
    QVERIFY(ticks.back().verdict == Tick::Verdict::Fails);
}

void PageRowsTest::whatIsPausedIsNotProved()
{
    Snapshot snapshot;
    snapshot.exit.enabled = true;
    snapshot.guard.lockdown = true;
    snapshot.guard.pausedUntil = std::chrono::sys_seconds(1s);
    QVERIFY(proofOf(snapshot, {}).empty());
}

void PageRowsTest::ratesComeFromTwoLooks()
{
    Traffic traffic = withSample({}, {0ms, 1000, 0});
    QVERIFY(traffic.rates.empty());
    QCOMPARE(rateLine(traffic), QString());
    traffic = withSample(traffic, {2000ms, 5000, 100});
    QCOMPARE(traffic.rates.size(), 1U);
    QCOMPARE(traffic.rates[0].received, 2000.0);
    QCOMPARE(traffic.rates[0].sent, 50.0);
    traffic = withSample(traffic, {2010ms, 900'000, 100}); // two snapshots of one change
    QCOMPARE(traffic.rates.size(), 1U);
    traffic = withSample(traffic, {3000ms, 1'000'000, 100}); // nothing of it is lost
    QCOMPARE(traffic.rates[1].received, 995'000.0);
}

void PageRowsTest::ratesBeginAnewAfterAGapOrANewTunnel()
{
    const Traffic going = withSample(withSample({}, {0ms, 1000, 0}), {1000ms, 2000, 0});
    QCOMPARE(going.rates.size(), 1U);
    QVERIFY(withSample(going, {2000ms, 10, 0}).rates.empty());
    QVERIFY(withSample(going, {60'000ms, 9000, 0}).rates.empty());
}

void PageRowsTest::aMinuteIsKept()
{
    Traffic traffic;
    for (int second = 0; second <= 100; ++second)
        traffic = withSample(std::move(traffic), {second * 1000ms, quint64(second) * quint64(second), 0});
    QCOMPARE(traffic.rates.size(), kRates);
    QCOMPARE(traffic.rates.back().received, 199.0);
}

void PageRowsTest::countriesAreKnownByTheirCode_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("country");
    QTest::newRow("server") << u"se-sto-wg-001"_s << u"Sweden"_s;
    QTest::newRow("provider first") << u"mullvad-de"_s << u"Germany"_s;
    QTest::newRow("underscore") << u"ivpn_ch"_s << u"Switzerland"_s;
    QTest::newRow("one word") << u"de"_s << QString();
    QTest::newRow("a word that is a code") << u"my-vpn"_s << QString();
    QTest::newRow("numbered, two parts") << u"my-2"_s << QString();
    QTest::newRow("longer parts") << u"work-office"_s << QString();
    QTest::newRow("no such code") << u"one-xx"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void PageRowsTest::countriesAreKnownByTheirCode()
{
    QFETCH(QString, name);
    QTEST(countryIn(name), "country");
}

void PageRowsTest::sectionsGoFromKnownToUnknown()
{
    Snapshot snapshot = homeWith(nas(PeerPhase::Up, Via::Lan));
    snapshot.exit.available = {u"work"_s, u"one-se"_s, u"nas"_s, u"one-de"_s};
    snapshot.exit.name = u"one-de"_s;
    const Habits habits{{u"one-se"_s, u"gone"_s}, {u"nas"_s}};
    const auto sections = exitSections(snapshot, {}, habits, {});
    QCOMPARE(titles(sections),
        QStringList(
            {u"Recent"_s, u"Favourites"_s, u"Your own devices"_s, u"Germany"_s, u"Sweden"_s, u"Other exits"_s}));
    QCOMPARE(sections[0].items.size(), 1U);
    QVERIFY(sections[1].items[0].isFavourite && sections[2].items[0].isFavourite);
    QVERIFY(sections[3].items[0].isChosen && !sections[3].items[0].isInUse);
}

void PageRowsTest::whatIsSearchedForIsThereOnce()
{
    Snapshot snapshot;
    snapshot.exit.available = {u"one-se"_s, u"one-de"_s};
    const Habits habits{{u"one-se"_s}, {u"one-se"_s}};
    const auto byCountry = exitSections(snapshot, {}, habits, u"SWED"_s);
    QCOMPARE(titles(byCountry), QStringList{u"Sweden"_s});
    QCOMPARE(byCountry[0].items.size(), 1U);
    QCOMPARE(exitSections(snapshot, {}, habits, u"one"_s).size(), 2U);
    QVERIFY(exitSections(snapshot, {}, habits, u"nowhere"_s).empty());
}

QTEST_GUILESS_MAIN(PageRowsTest)
#include "page_rows_test.moc"
