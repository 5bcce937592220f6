// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/present/why.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

IpAddress at(const QString &text)
{
    return *IpAddress::parse(text);
}

PeerSnapshot peer(const QString &name, const QString &endpoint, Via via, std::optional<std::chrono::seconds> handshake)
{
    PeerSnapshot value;
    value.name = name;
    value.publicKey = sample::key(name);
    value.endpoint = endpoint;
    value.via = via;
    value.activity.handshakeAge = handshake;
    value.candidates = {{u"10.41.1.4:53333"_s, u"manual"_s, u"in-use"_s}};
    return value;
}

RouteFact through(const char *interface, quint32 table, const QString &gateway = {})
{
    RouteFact route;
    route.kind = RouteFact::Kind::Sent;
    route.interface = QLatin1String(interface);
    route.table = table;
    if (!gateway.isEmpty())
        route.gateway = at(gateway);
    return route;
}

RouteFact refused(const QString &reason)
{
    RouteFact route;
    route.obstacle = reason;
    return route;
}

FarSide answering()
{
    FarSide far;
    far.kind = FarSide::Kind::Answered;
    far.how = u"ping"_s;
    far.took = 1300us;
    far.large = FarSide::LargePackets::Through;
    far.largeSize = 1420;
    return far;
}

FarSide far(FarSide::Kind kind, const QString &how)
{
    FarSide side;
    side.kind = kind;
    side.how = how;
    return side;
}

/// Home is on, the nas answers on the local network.
WhyFacts toTheNas()
{
    WhyFacts facts;
    facts.host = u"nas"_s;
    facts.isName = true;
    facts.address = at(u"10.42.1.4"_s);
    facts.resolved = {*facts.address};
    facts.configuration = sample::configuration();
    facts.snapshot.home.enabled = true;
    facts.snapshot.home.phase = Phase::Up;
    facts.snapshot.home.peers = {peer(u"nas"_s, u"10.41.1.4:53333"_s, Via::Lan, 3s)};
    facts.route = through(kHomeLink, kHomeTable);
    facts.farSide = answering();
    return facts;
}

WhyFacts behindTheNas()
{
    WhyFacts facts = toTheNas();
    facts.host = u"10.41.7.7"_s;
    facts.isName = false;
    facts.address = at(facts.host);
    return facts;
}

/// Exit is on and answers.
WhyFacts toTheInternet()
{
    WhyFacts facts;
    facts.host = u"example.org"_s;
    facts.isName = true;
    facts.address = at(u"93.184.216.34"_s);
    facts.resolved = {*facts.address};
    facts.configuration = sample::configuration();
    facts.snapshot.exit.enabled = true;
    facts.snapshot.exit.phase = Phase::Up;
    facts.snapshot.exit.name = u"se"_s;
    facts.snapshot.exit.provider = u"mullvad"_s;
    facts.snapshot.exit.families = {Family::IPv4};
    facts.snapshot.guard.state = GuardState::Connected;
    facts.route = through(kExitLink, kExitTable);
    facts.farSide = answering();
    return facts;
}

WhyFacts with(WhyFacts facts, const std::function<void(WhyFacts &)> &change)
{
    change(facts);
    return facts;
}

/// `home+ route+ answer-`: the steps with what came of them.
QString outline(const WhyAnswer &answer)
{
    QStringList steps;
    for (const Statement &statement : answer.statements) {
        const QChar sign = statement.verdict == Statement::Verdict::Good ? u'+'
            : statement.verdict == Statement::Verdict::Bad               ? u'-'
                                                                         : u'?';
        steps += statement.step + sign;
    }
    return steps.join(u' ');
}

QString everything(const WhyAnswer &answer)
{
    QString text = answer.change;
    for (const Statement &statement : answer.statements)
        text += u'\n' + statement.sentence + u' ' + statement.details.join(u' ');
    return text;
}

} // namespace

Q_DECLARE_METATYPE(WhyFacts)

class WhyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachObstacle_isNamedWithOneChange_data();
    void eachObstacle_isNamedWithOneChange();
    void everySentence_isOne();
    void aNameThatIsNotFound_isTheLastToBlame();
    void theLongestPrefix_ownsAnAddress();
    void fullNamesOfDevices_areKnown();

private:
    static void meshCases();
    static void personalCases();
    static void outsideCases();
};

void WhyTest::meshCases()
{
    QTest::newRow("all is well") << toTheNas() << u"name+ home+ route+ device+ ways+ handshake+ size+ answer+"_s
                                 << QString() << u"WireGuard reaches nas at 10.41.1.4:53333 on this network."_s;
    QTest::newRow("home is off") << with(toTheNas(),
        [](WhyFacts &facts) {
            facts.snapshot.home.enabled = false;
            facts.resolved.clear();
        }) << u"home-"_s << u"sally home on"_s
                                 << u"Home is off."_s;
    QTest::newRow("home does not work") << with(toTheNas(),
        [](WhyFacts &facts) {
            facts.snapshot.home.phase = Phase::Failed;
            facts.snapshot.lastError = Error{Errc::FeatureMissing, u"There is no WireGuard."_s, {}};
        }) << u"name+ home-"_s << u"sally doctor"_s
                                        << u"There is no WireGuard."_s;
    QTest::newRow("refused by the kernel")
        << with(toTheNas(), [](WhyFacts &facts) { facts.route = refused(u"No route to host"_s); })
        << u"name+ home+ route-"_s << u"sally home off"_s << u"No route to host"_s;
    QTest::newRow("somebody else takes it") << with(toTheNas(),
        [](WhyFacts &facts) {
            facts.route = through("tailscale0", 52);
            facts.snapshot.conflicts = {{u"Tailscale"_s, u"takes it."_s, u"Stop Tailscale."_s}};
        }) << u"name+ home+ route-"_s << u"Stop Tailscale."_s
                                            << u"tailscale0 (Tailscale)"_s;
    QTest::newRow("nobody knows where it is") << with(toTheNas(),
        [](WhyFacts &facts) {
            facts.snapshot.home.peers[0].endpoint.clear();
            facts.snapshot.home.peers[0].candidates.clear();
            facts.farSide = far(FarSide::Kind::NotAsked, u"nothing was sent"_s);
        }) << u"name+ home+ route+ device+ ways- answer?"_s
                                              << u"Give nas an endpoint"_s << u"not known where nas"_s;
    QTest::newRow("large packets are lost")
        << with(toTheNas(), [](WhyFacts &facts) { facts.farSide.large = FarSide::LargePackets::Lost; })
        << u"name+ home+ route+ device+ ways+ handshake+ size- answer+"_s << u"\"mtu\": 1280"_s << u"1420 bytes"_s;
    QTest::newRow("behind a device") << behindTheNas() << u"home+ route+ device+ ways+ handshake+ size+ answer+"_s
                                     << QString() << u"10.41.0.0/16, the network behind nas"_s;
    QTest::newRow("behind it, silent") << with(
        behindTheNas(), [](WhyFacts &facts) { facts.farSide = far(FarSide::Kind::Silent, u"ping"_s); })
                                       << u"home+ route+ device+ ways+ handshake+ answer-"_s
                                       << u"that nas forwards to it"_s << u"10.41.7.7 does not answer (ping)"_s;
    QTest::newRow("we stand on that network")
        << with(behindTheNas(), [](WhyFacts &facts) { facts.route = through("wlan0", kMainTable); })
        << u"home+ route+ size+ answer+"_s << QString() << u"directly through wlan0, not through nas"_s;
    QTest::newRow("nobody's address") << with(toTheNas(),
        [](WhyFacts &facts) {
            facts.isName = false;
            facts.address = at(u"10.42.9.9"_s);
        }) << u"device-"_s << u"sally device list"_s
                                      << u"No device of Home has the address 10.42.9.9."_s;
    QTest::newRow("this machine") << with(toTheNas(), [](WhyFacts &facts) {
        facts.isName = false;
        facts.address = at(u"10.42.1.2"_s);
    }) << u"route+"_s << QString() << u"10.42.1.2 is this machine itself."_s;
}

void WhyTest::personalCases()
{
    const auto dead = [](WhyFacts &facts) {
        facts.snapshot.home.peers[0].activity.handshakeAge = 5h;
        facts.farSide = far(FarSide::Kind::Silent, u"ping"_s);
    };
    const QString outlineOfDead = u"name+ home+ route+ device+ ways+ handshake- answer-"_s;
    QTest::newRow("the device is away") << with(toTheNas(), dead) << outlineOfDead
                                        << u"firewall lets UDP port 53333 in"_s << u"nas has not answered for 5 h."_s;
    QTest::newRow("away, through the internet") << with(toTheNas(),
        [&](WhyFacts &facts) {
            dead(facts);
            facts.snapshot.home.peers[0] = peer(u"nas"_s, u"123.45.67.89:54445"_s, Via::Public, std::nullopt);
        }) << outlineOfDead << u"UDP port 54445 of 123.45.67.89 is forwarded"_s
                                                << u"nas has never answered."_s;
    QTest::newRow("pinned to a way that is dead") << with(toTheNas(),
        [&](WhyFacts &facts) {
            dead(facts);
            facts.snapshot.home.peers[0].candidates[0].preference = Preference::Pin;
        }) << outlineOfDead << u"`sally device release nas 10.41.1.4:53333`"_s
                                                  << u"In use: you pinned it."_s;
    QTest::newRow("meshd knows more")
        << with(toTheNas(),
               [](WhyFacts &facts) {
                   LedgerCandidate other;
                   other.written = *HostEndpoint::parse(u"nas.example.net:54445");
                   other.source = CandidateSource::Dns;
                   other.state = CandidateState::Unresolved;
                   LedgerPeer nas;
                   nas.publicKey = sample::key(u"nas"_s);
                   nas.roundTrip = 1234us;
                   nas.candidates = {other};
                   facts.ledger = {nas};
               })
        << u"name+ home+ route+ device+ ways+ handshake+ size+ answer+"_s << QString()
        << u"round trip 1.2 ms.\x20nas.example.net:54445: Not used: its name has no address."_s;
    QTest::newRow("idle for long, but it answers")
        << with(toTheNas(), [](WhyFacts &facts) { facts.snapshot.home.peers[0].activity.handshakeAge = 600s; })
        << u"name+ home+ route+ device+ ways+ handshake+ size+ answer+"_s << QString() << u"10 min ago"_s;
    QTest::newRow("connected, but its firewall is closed")
        << with(toTheNas(), [](WhyFacts &facts) { facts.farSide = far(FarSide::Kind::Silent, u"ping"_s); })
        << u"name+ home+ route+ device+ ways+ handshake+ answer-"_s << u"firewall of nas"_s << u"does not answer"_s;
    QTest::newRow("nobody may be asked") << with(
        toTheNas(), [](WhyFacts &facts) { facts.farSide = far(FarSide::Kind::NotAsked, u"ping is not permitted"_s); })
                                         << u"name+ home+ route+ device+ ways+ handshake+ answer?"_s << QString()
                                         << u"could not be asked"_s;
}

void WhyTest::outsideCases()
{
    QTest::newRow("through the exit") << toTheInternet() << u"name+ exit+ route+ size+ answer+"_s << QString()
                                      << u"sally-exit, as Sallyport's table 2592 for Exit says"_s;
    QTest::newRow("the exit does not answer")
        << with(toTheInternet(), [](WhyFacts &facts) { facts.snapshot.exit.phase = Phase::Failed; }) << u"name+ exit-"_s
        << u"sally exit use NAME"_s << u"se does not answer; the guard lets nothing past it"_s;
    QTest::newRow("lockdown") << with(toTheInternet(),
        [](WhyFacts &facts) {
            facts.snapshot.exit.enabled = false;
            facts.snapshot.guard.state = GuardState::Lockdown;
        }) << u"name+ exit-"_s << u"sally exit on"_s
                              << u"lockdown is on"_s;
    QTest::newRow("exit off") << with(toTheInternet(),
        [](WhyFacts &facts) {
            facts.snapshot.exit.enabled = false;
            facts.route = through("eth0", kMainTable, u"192.168.7.1"_s);
        }) << u"name+ exit+ route+ size+ answer+"_s
                              << QString() << u"through eth0 by 192.168.7.1, as the main table"_s;
    QTest::newRow("no network") << with(toTheInternet(),
        [](WhyFacts &facts) {
            facts.snapshot.exit.enabled = false;
            facts.route = refused(u"Network is unreachable"_s);
        }) << u"name+ exit+ route-"_s
                                << u"Connect this machine"_s << u"Network is unreachable"_s;
    QTest::newRow("past the exit") << with(
        toTheInternet(), [](WhyFacts &facts) { facts.route = through("wg0", 51820); })
                                   << u"name+ exit+ route-"_s << u"sally doctor"_s << u"past se"_s;
    QTest::newRow("IPv6 through an exit without it") << with(toTheInternet(),
        [](WhyFacts &facts) {
            facts.address = at(u"2606:2800::1"_s);
            facts.resolved = {*facts.address};
            facts.route = refused(u"No route to host"_s);
        }) << u"name+ exit+ route-"_s << u"carries IPv6"_s
                                                     << u"se does not carry IPv6"_s;
    QTest::newRow("next door") << with(toTheInternet(),
        [](WhyFacts &facts) {
            facts.isName = false;
            facts.address = at(u"192.168.7.30"_s);
            facts.snapshot.exit.phase = Phase::Failed;
            facts.route = through("eth0", kMainTable);
        }) << u"route+ size+ answer+"_s
                               << QString() << u"on the network of eth0"_s;
    QTest::newRow("a device exit") << with(toTheInternet(),
        [](WhyFacts &facts) {
            facts.snapshot.exit.provider = u"device"_s;
            facts.route = through(kHomeLink, kExitTable);
        }) << u"name+ exit+ route+ size+ answer+"_s
                                   << QString() << u"sally-home"_s;
    QTest::newRow("no name while blocked") << with(toTheInternet(), [](WhyFacts &facts) {
        facts.address.reset();
        facts.resolved.clear();
    }) << u"name-"_s << u"sally doctor"_s << u"No address is known for the name example.org."_s;
    QTest::newRow("our own firewall") << with(
        toTheInternet(), [](WhyFacts &facts) { facts.farSide = far(FarSide::Kind::Blocked, u"TCP"_s); })
                                      << u"name+ exit+ route+ answer-"_s << u"sally status"_s << u"own firewall"_s;
}

void WhyTest::eachObstacle_isNamedWithOneChange_data()
{
    QTest::addColumn<WhyFacts>("facts");
    QTest::addColumn<QString>("steps");
    QTest::addColumn<QString>("change"); // a part of it; empty: there is nothing to change
    QTest::addColumn<QString>("says"); // a part of what is said
    meshCases();
    personalCases();
    outsideCases();
}

void WhyTest::eachObstacle_isNamedWithOneChange()
{
    QFETCH(WhyFacts, facts);
    QFETCH(QString, steps);
    QFETCH(QString, change);
    QFETCH(QString, says);
    const WhyAnswer answer = why(facts);
    QCOMPARE(outline(answer), steps);
    QVERIFY2(answer.change.contains(change) && answer.change.isEmpty() == change.isEmpty(), qPrintable(answer.change));
    QCOMPARE(answer.works, change.isEmpty());
    QVERIFY2(everything(answer).contains(says), qPrintable(everything(answer)));
}

void WhyTest::everySentence_isOne()
{
    for (const WhyFacts &facts : {toTheNas(), behindTheNas(), toTheInternet()}) {
        for (const Statement &statement : why(facts).statements) {
            QVERIFY2(statement.sentence.endsWith(u'.'), qPrintable(statement.sentence));
            QVERIFY2(!statement.sentence.contains(u".."_s), qPrintable(statement.sentence));
            QVERIFY(!statement.sentence.contains(u'\n') && !statement.sentence.contains(u"%"_s));
        }
    }
}

void WhyTest::aNameThatIsNotFound_isTheLastToBlame()
{
    WhyFacts facts = toTheNas();
    facts.resolved = {at(u"192.0.2.1"_s)};
    QCOMPARE(why(facts).works, false);
    QVERIFY2(why(facts).change.contains(u"Use the address 10.42.1.4"_s), qPrintable(why(facts).change));
    facts.route = refused(u"No route to host"_s);
    QVERIFY2(why(facts).change.contains(u"sally home off"_s), qPrintable(why(facts).change));
}

void WhyTest::theLongestPrefix_ownsAnAddress()
{
    Home home = *sample::configuration().home;
    QCOMPARE(deviceFor(home, at(u"10.41.9.9"_s))->name, u"nas"_s);
    home.devices[2].routes = {*Prefix::parse(u"10.41.9.0/24")};
    QCOMPARE(deviceFor(home, at(u"10.41.9.9"_s))->name, u"vps"_s);
    QCOMPARE(deviceFor(home, at(u"10.41.8.9"_s))->name, u"nas"_s);
    QVERIFY(!deviceFor(home, at(u"10.40.0.1"_s)));
    QVERIFY2(!deviceFor(home, at(u"10.42.1.2"_s)), "this machine is no peer of its own");
}

void WhyTest::fullNamesOfDevices_areKnown()
{
    const Home home = *sample::configuration().home;
    for (const QString &name : {u"nas"_s, u"NAS"_s, u"storage"_s, u"nas.wgnet"_s, u"nas.wgnet."_s, u"Storage.WGNET"_s})
        QVERIFY2(deviceNamed(home, name) && deviceNamed(home, name)->name == u"nas"_s, qPrintable(name));
    for (const QString &name : {u"nas.example.org"_s, u"wgnet"_s, u".wgnet"_s, u""_s})
        QVERIFY2(!deviceNamed(home, name), qPrintable(name));
}

QTEST_GUILESS_MAIN(WhyTest)
#include "why_test.moc"
