// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/address_kind.h"
#include "core/path/attestation.h"
#include "core/path/candidate_table.h"
#include "core/path/damping.h"
#include "core/path/name_records.h"
#include "core/path/path_clock.h"
#include "core/path/plausibility.h"
#include "core/path/probe_budget.h"
#include "core/path/roles.h"
#include "core/path/score.h"
#include "core/path/traffic.h"

#include <QTest>

using namespace sallyport;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Endpoint at(const QString &text)
{
    return *Endpoint::parse(text);
}

IpAddress ip(const QString &text)
{
    return *IpAddress::parse(text);
}

PathTime second(double seconds)
{
    return PathTime(std::chrono::microseconds(static_cast<long long>(seconds * 1e6)));
}

PathNetwork homeLan()
{
    PathNetwork network;
    network.interfaceIndex = 2;
    network.addresses = {*InterfaceAddress::parse(u"192.168.1.20/24"), *InterfaceAddress::parse(u"fe80::20/64"),
        *InterfaceAddress::parse(u"2001:db8:1::20/64")};
    network.hasDefault4 = true;
    network.hasDefault6 = true;
    network.print.fill(1);
    return network;
}

Whereabouts atHome()
{
    PathPeer peer;
    peer.allowedIps = {*Prefix::parse(u"10.42.1.4"), *Prefix::parse(u"192.168.1.0/24"), *Prefix::parse(u"0.0.0.0/0")};
    peer.routes = {*Prefix::parse(u"192.168.1.0/24")};
    Whereabouts where;
    where.networks = {homeLan()};
    where.mesh = meshOf({*InterfaceAddress::parse(u"10.42.1.2/16")}, {peer});
    return where;
}

PathCandidate measured(std::chrono::microseconds roundTrip, PathKind kind)
{
    PathCandidate candidate;
    candidate.kind = kind;
    candidate.roundTrip.add(roundTrip, second(1));
    return candidate;
}

PublicKey key(quint8 first)
{
    PublicKey made;
    made.bytes[0] = first;
    return made;
}

} // namespace

class PathRulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plausibility_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("scope");
        QTest::addColumn<int>("expected");
        const auto row = [](const char *name, const QString &address, EndpointScope scope, Plausibility expected) {
            QTest::newRow(name) << address << static_cast<int>(scope) << static_cast<int>(expected);
        };
        using enum Plausibility;
        constexpr auto any = EndpointScope::Any;
        row("on the link, though a network behind the peer", u"192.168.1.30:1"_s, any, Yes);
        row("public", u"203.0.113.1:1"_s, any, Yes);
        row("public IPv6", u"[2001:db8:9::1]:1"_s, any, Yes);
        row("our own address", u"192.168.1.20:1"_s, any, NotHere);
        row("the network's broadcast address", u"192.168.1.255:1"_s, any, NotHere);
        row("the network's own address", u"192.168.1.0:1"_s, any, NotHere);
        row("local, elsewhere", u"10.9.0.1:1"_s, any, FirstLook);
        row("local, elsewhere, but called public", u"10.9.0.1:1"_s, EndpointScope::Public, Yes);
        row("a carrier's, elsewhere", u"100.64.0.1:1"_s, any, FirstLook);
        row("public, but called local", u"203.0.113.1:1"_s, EndpointScope::Lan, NotHere);
        row("unique local IPv6, elsewhere", u"[fd00::1]:1"_s, any, FirstLook);
        row("link-local without its link", u"[fe80::30]:1"_s, any, NotHere);
        row("a device inside the mesh", u"10.42.1.4:1"_s, any, Never);
        row("any address inside the mesh", u"10.42.200.1:1"_s, any, Never);
        row("loopback", u"127.0.0.1:1"_s, any, Never);
        row("loopback IPv6", u"[::1]:1"_s, any, Never);
        row("multicast", u"224.0.0.251:1"_s, any, Never);
        row("multicast IPv6", u"[ff02::1]:1"_s, any, Never);
        row("unspecified", u"0.0.0.0:1"_s, any, Never);
        row("broadcast", u"255.255.255.255:1"_s, any, Never);
        row("reserved", u"240.0.0.1:1"_s, any, Never);
        row("IPv4 in disguise", u"[::ffff:203.0.113.1]:1"_s, any, Never);
    }

    void plausibility()
    {
        QFETCH(const QString, address);
        QFETCH(const int, scope);
        QFETCH(const int, expected);
        QCOMPARE(static_cast<int>(plausibilityOf(at(address), static_cast<EndpointScope>(scope), atHome())), expected);
    }

    void portZero_isNoPlace()
    {
        QCOMPARE(
            plausibilityOf(Endpoint{ip(u"203.0.113.1"_s), 0, 0}, EndpointScope::Any, atHome()), Plausibility::Never);
    }

    void linkLocal_belongsToItsLink()
    {
        const Endpoint here{ip(u"fe80::30"_s), 1, 2};
        const Endpoint elsewhere{ip(u"fe80::30"_s), 1, 3};
        QCOMPARE(plausibilityOf(here, EndpointScope::Any, atHome()), Plausibility::Yes);
        QCOMPARE(plausibilityOf(elsewhere, EndpointScope::Any, atHome()), Plausibility::NotHere);
    }

    void withoutNetworks_nothingIsHere()
    {
        QCOMPARE(plausibilityOf(at(u"203.0.113.1:1"_s), EndpointScope::Any, {}), Plausibility::NotHere);
    }

    void attestation_data()
    {
        QTest::addColumn<QString>("asked");
        QTest::addColumn<QString>("seenFrom");
        QTest::addColumn<QString>("receivedAt");
        QTest::addColumn<int>("expected");
        const auto row
            = [](const char *name, const QString &asked, const QString &seen, const QString &received, PathKind kind) {
                  QTest::newRow(name) << asked << seen << received << static_cast<int>(kind);
              };
        using enum PathKind;
        row("straight over the link", u"192.168.1.30:1"_s, u"192.168.1.20:1"_s, u"192.168.1.30"_s, SameLink);
        row("global IPv6 over the link", u"[2001:db8:1::30]:1"_s, u"[2001:db8:1::20]:1"_s, u"2001:db8:1::30"_s,
            SameLink);
        row("a stranger passes it on", u"192.168.1.30:1"_s, u"203.0.113.9:7"_s, u"192.168.1.30"_s, Relayed);
        row("received at another address", u"192.168.1.30:1"_s, u"192.168.1.20:1"_s, u"172.17.0.2"_s, Relayed);
        row("another local network, unchanged", u"10.9.0.1:1"_s, u"192.168.1.20:1"_s, u"10.9.0.1"_s, Routed);
        row("IPv6 from end to end", u"[2001:db8:9::1]:1"_s, u"[2001:db8:1::20]:1"_s, u"2001:db8:9::1"_s, Global6);
        row("through both routers", u"203.0.113.1:1"_s, u"198.51.100.1:1"_s, u"192.168.7.30"_s, Mapped);
        row("a host beside the peer passes it on", u"203.0.113.1:1"_s, u"192.168.7.99:1"_s, u"192.168.7.30"_s, Relayed);
        row("the same, and it has our numbers", u"203.0.113.1:1"_s, u"192.168.1.20:1"_s, u"192.168.1.30"_s, Relayed);
    }

    void attestation()
    {
        QFETCH(const QString, asked);
        QFETCH(const QString, seenFrom);
        QFETCH(const QString, receivedAt);
        QFETCH(const int, expected);
        Pong pong;
        pong.seenFrom = at(seenFrom);
        pong.receivedAt = ip(receivedAt);
        QCOMPARE(static_cast<int>(provedBy(pong, {at(asked), EndpointScope::Any, false}, atHome())), expected);
    }

    void score_prefersWhatIsNear()
    {
        const PathPolicy policy;
        const auto score = [&](std::chrono::microseconds roundTrip, PathKind kind) {
            return scoreOf(measured(roundTrip, kind), false, policy);
        };
        QVERIFY(score(2ms, PathKind::SameLink) < score(1ms, PathKind::Global6));
        QVERIFY(score(20ms, PathKind::Global6) < score(20ms, PathKind::Mapped));
        QVERIFY(score(300ms, PathKind::Mapped) < score(1ms, PathKind::Relayed));
        QVERIFY(score(60ms, PathKind::Mapped) < scoreOf(measured(20ms, PathKind::Mapped), true, policy));
        PathCandidate preferred = measured(900ms, PathKind::Relayed);
        preferred.preference = Preference::Prefer;
        QVERIFY(scoreOf(preferred, true, policy) < score(1ms, PathKind::SameLink));
    }

    void hysteresis_data()
    {
        QTest::addColumn<int>("other");
        QTest::addColumn<int>("inUse");
        QTest::addColumn<bool>("better");
        QTest::newRow("by 4 ms of 20") << 16 << 20 << false;
        QTest::newRow("by 6 ms of 20") << 14 << 20 << true;
        QTest::newRow("by 14 ms of 100") << 86 << 100 << false;
        QTest::newRow("by 16 ms of 100") << 84 << 100 << true;
        QTest::newRow("the same") << 50 << 50 << false;
        QTest::newRow("preferred") << -1900 << 20 << true;
        QTest::newRow("in use is preferred") << 20 << -1900 << false;
    }

    void hysteresis()
    {
        QFETCH(const int, other);
        QFETCH(const int, inUse);
        QFETCH(const bool, better);
        QCOMPARE(isClearlyBetter(std::chrono::milliseconds(other), std::chrono::milliseconds(inUse), {}), better);
    }

    void damping_makesRestlessOnesStay()
    {
        const PathPolicy policy;
        Damping damping;
        QVERIFY(!damping.notBefore(second(0), policy));
        for (const int at : {1000, 1012, 1024})
            damping.noteSwitch(second(at), policy);
        QCOMPARE(damping.notBefore(second(1025), policy), std::optional(second(1034)));
        QVERIFY(!damping.isRestless(second(1025), policy));
        damping.noteSwitch(second(1036), policy);
        QCOMPARE(damping.notBefore(second(1037), policy), std::optional(second(1056)));
        QVERIFY(damping.isRestless(second(1037), policy));
        for (int at = 1037; at < 1060; ++at)
            damping.noteSwitch(second(at), policy);
        QVERIFY(damping.notBefore(second(1060), policy) <= std::optional(second(1060 + 300)));
        damping.noteSwitch(second(2000), policy);
        QCOMPARE(damping.notBefore(second(2001), policy), std::optional(second(2010)));
    }

    void roles()
    {
        QVERIFY(isControlling(key(1), key(2), true));
        QVERIFY(!isControlling(key(2), key(1), true));
        QVERIFY(isControlling(key(2), key(1), false));
    }

    void hostileNames_leaveFewUsableAddresses()
    {
        std::vector<IpAddress> answer{ip(u"127.0.0.1"_s), ip(u"10.42.1.4"_s), ip(u"192.168.1.20"_s), ip(u"::1"_s),
            ip(u"224.0.0.1"_s), ip(u"fe80::1"_s), ip(u"0.0.0.0"_s)};
        for (int i = 0; i < 200; ++i) {
            answer.push_back(ip(u"10.7.0.%1"_s.arg(i)));
            answer.push_back(ip(u"203.0.113.%1"_s.arg(i)));
            answer.push_back(ip(u"2001:db8:5::%1"_s.arg(i + 1)));
        }
        const IpAddress known = ip(u"203.0.113.77"_s);
        const auto usable = usableRecords(answer, {known}, atHome(), 3);
        const std::vector expected{known, ip(u"10.7.0.0"_s), ip(u"203.0.113.0"_s), ip(u"2001:db8:5::1"_s),
            ip(u"203.0.113.1"_s), ip(u"2001:db8:5::2"_s), ip(u"2001:db8:5::3"_s)};
        QCOMPARE(usable, expected);
    }

    void names_liveBetweenAMinuteAndAnHour()
    {
        const PathPolicy policy;
        NameBook names;
        QVERIFY(names.ask(u"b"_s, false, second(0), policy));
        QVERIFY(!names.ask(u"b"_s, false, second(5), policy));
        names.answer(u"b"_s, {ip(u"203.0.113.1"_s)}, 1s, second(6), policy);
        QVERIFY(!names.ask(u"b"_s, false, second(65), policy));
        QVERIFY(names.ask(u"b"_s, true, second(37), policy));
        names.answer(u"b"_s, {}, std::chrono::hours(48), second(38), policy);
        QCOMPARE(names.addressesOf(u"b"_s).size(), 1U);
        QCOMPARE(names.dueAt(u"b"_s, false, policy), second(38 + 3600));
    }

    void keepalivesAndHandshakes_areNoTraffic()
    {
        Traffic traffic;
        const auto read = [&](quint64 received, quint64 sent, int age, double now) {
            return traffic.read({{}, {}, received, sent, std::chrono::seconds(age)}, second(now));
        };
        read(1000, 1000, 30, 0);
        QVERIFY(!read(1032, 1000, 31, 1).hasPayload());
        QVERIFY(read(1032, 1096, 32, 2).hasSentPayload); // a bare TCP acknowledgement
        QVERIFY(read(1128, 1096, 33, 3).hasReceivedPayload);
        QVERIFY(!read(1128 + 92, 1096 + 148, 0, 100).hasPayload());
        QVERIFY(!read(1220 + 3600 / 25 * 32, 1244 + 3600 / 25 * 32, 100, 3700).hasPayload());
        QVERIFY(!read(10, 10, 1, 3701).hasPayload()); // another interface of the same name
    }

    void theClock_neverGoesBack()
    {
        PathClock clock;
        QCOMPARE(clock.inside(second(100)), second(100));
        QCOMPARE(clock.inside(second(40)), second(100));
        QCOMPARE(clock.inside(second(50)), second(110));
        QCOMPARE(clock.outside(second(120)), second(60));
    }

    void rateLimit_allowsABurstAndThenAPace()
    {
        RateLimit limit(10, 3);
        QVERIFY(limit.take(second(1)) && limit.take(second(1)) && limit.take(second(1)));
        QVERIFY(!limit.take(second(1)));
        QCOMPARE(limit.nextAt(second(1)), second(1.1));
        QVERIFY(limit.take(second(1.1)));
    }

    void networks_changeOrAreRefined()
    {
        PathNetwork now = homeLan();
        now.addresses.push_back(*InterfaceAddress::parse(u"2001:db8:1::77/64"));
        QCOMPARE(changeBetween({homeLan()}, {homeLan()}), NetworkChange::Nothing);
        QCOMPARE(changeBetween({homeLan()}, {now}), NetworkChange::Refined);
        PathNetwork foreign = homeLan();
        foreign.print.fill(9);
        QCOMPARE(changeBetween({homeLan()}, {foreign}), NetworkChange::Moved);
        QVERIFY(!isSameNetwork(homeLan(), foreign));
        PathNetwork early = homeLan();
        early.print = {};
        QVERIFY(isSameNetwork(early, homeLan()));
        QCOMPARE(changeBetween({homeLan()}, {}), NetworkChange::Moved);
    }

    void tables_keepWhatMatters()
    {
        PathPeer peer;
        peer.places = {{*HostEndpoint::parse(u"192.168.1.30:1"), EndpointScope::Lan, {}},
            {*HostEndpoint::parse(u"b.example:1"), EndpointScope::Any, {ip(u"203.0.113.1"_s)}}};
        peer.preferences = {{*HostEndpoint::parse(u"b.example:1"), Preference::Forbid},
            {*HostEndpoint::parse(u"198.51.100.9:1"), Preference::Prefer}};
        CandidateTable table;
        table.list(peer, {}, atHome(), second(1));
        for (int i = 1; i < 40; ++i)
            table.see(peer, at(u"198.51.100.%1:2"_s.arg(i)), second(i));
        table.limit(10, at(u"198.51.100.1:2"_s));
        QCOMPARE(table.all().size(), 10U);
        QVERIFY(table.find(at(u"198.51.100.1:2"_s)));
        QVERIFY(table.find(at(u"198.51.100.39:2"_s)));
        QVERIFY(!table.find(at(u"198.51.100.2:2"_s)));
        QCOMPARE(table.find(at(u"203.0.113.1:1"_s))->preference, Preference::Forbid);
        QCOMPARE(table.find(at(u"198.51.100.9:1"_s))->preference, Preference::Prefer);
    }
};

QTEST_GUILESS_MAIN(PathRulesTest)
#include "path_rules_test.moc"
