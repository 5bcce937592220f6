// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "helper/kernel/netlink/monitor.h"
#include "tests/lab/kernel/kernel_test.h"

#include <QJsonObject>
#include <QSignalSpy>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

Prefix prefix(QStringView text)
{
    return *Prefix::parse(text);
}

InterfaceAddress address(QStringView text)
{
    return *InterfaceAddress::parse(text);
}

Route route(Family family, QStringView destination, Route::Kind kind, quint32 metric = 0)
{
    Route made;
    made.family = family;
    made.table = kExitTable;
    made.destination = prefix(destination);
    made.kind = kind;
    made.metric = metric;
    made.device = kind == Route::Kind::Unicast ? u"up0"_s : QString();
    return made;
}

Rule rule(Family family, quint32 preference, quint32 mark = 0, quint32 table = kExitTable)
{
    Rule made;
    made.family = family;
    made.preference = preference;
    made.mark = mark;
    made.table = table;
    return made;
}

QString text(const QJsonValue &value)
{
    return value.toString();
}

} // namespace

class NetworkTest : public KernelTest {
    Q_OBJECT

private:
    void prepare() override
    {
        run({u"ip"_s, u"link"_s, u"add"_s, u"up0"_s, u"type"_s, u"veth"_s, u"peer"_s, u"name"_s, u"far0"_s});
        for (const QString &name : {u"up0"_s, u"far0"_s})
            run({u"ip"_s, u"link"_s, u"set"_s, name, u"up"_s});
        QTRY_VERIFY(!ip(u"-6 addr show dev up0 scope link -tentative"_s).isEmpty());
    }

private Q_SLOTS:
    void cleanup()
    {
        const Result<ObservedState> state = m_kernel.observe();
        QVERIFY(state);
        for (const Route &one : state->routes)
            QVERIFY(m_kernel.execute(DeleteRoute{one}));
        for (const Rule &one : state->rules)
            QVERIFY(m_kernel.execute(DeleteRule{one}));
    }

    void address_isAddedWithoutNetworkRouteAndTakenAway_data()
    {
        QTest::addColumn<QString>("cidr");
        QTest::newRow("IPv4") << u"10.42.1.2/16"_s;
        QTest::newRow("IPv4 host") << u"10.64.3.7/32"_s;
        QTest::newRow("IPv6") << u"fd00:42::2/64"_s;
    }

    void address_isAddedWithoutNetworkRouteAndTakenAway()
    {
        QFETCH(QString, cidr);
        const InterfaceAddress wanted = address(cidr);
        VERIFY_DONE(m_kernel.execute(AddAddress{u"up0"_s, wanted}));
        VERIFY_DONE(m_kernel.execute(AddAddress{u"up0"_s, wanted})); // once more is no error
        const QJsonArray infos = ip(u"addr show dev up0"_s)[0].toObject()[u"addr_info"_s].toArray();
        QJsonObject info;
        for (const QJsonValue &one : infos) {
            if (text(one.toObject()[u"local"_s]) == wanted.address.toString())
                info = one.toObject();
        }
        QCOMPARE(info[u"prefixlen"_s].toInt(), int(wanted.length));
        QVERIFY(info[u"noprefixroute"_s].toBool());
        const QString family = wanted.address.family() == Family::IPv4 ? u"-4"_s : u"-6"_s;
        for (const QJsonValue &one : ip(family + u" route show table main dev up0"_s))
            QVERIFY(text(one.toObject()[u"dst"_s]) != wanted.network().toCidr());
        VERIFY_DONE(m_kernel.execute(DeleteAddress{u"up0"_s, wanted}));
        VERIFY_DONE(m_kernel.execute(DeleteAddress{u"up0"_s, wanted}));
        QVERIFY(!run({u"ip"_s, u"addr"_s, u"show"_s, u"dev"_s, u"up0"_s}).contains(cidr.toLatin1()));
    }

    void deletingAnAddress_leavesOneOfAnotherLength()
    {
        VERIFY_DONE(m_kernel.execute(AddAddress{u"up0"_s, address(u"10.9.9.9/24")}));
        VERIFY_DONE(m_kernel.execute(DeleteAddress{u"up0"_s, address(u"10.9.9.9/32")}));
        QVERIFY(run({u"ip"_s, u"addr"_s, u"show"_s, u"dev"_s, u"up0"_s}).contains("10.9.9.9/24"));
        VERIFY_DONE(m_kernel.execute(DeleteAddress{u"up0"_s, address(u"10.9.9.9/24")}));
    }

    void addressOnMissingLink_isRefusedWithTheReason()
    {
        const Result<Done> refused = m_kernel.execute(AddAddress{u"nowhere"_s, address(u"10.9.9.9/24")});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::KernelRefused);
        QVERIFY2(refused.error().detail.contains(u"No such device"_s), qPrintable(refused.error().detail));
        VERIFY_DONE(m_kernel.execute(DeleteAddress{u"nowhere"_s, address(u"10.9.9.9/24")}));
    }

    void route_roundTrips_data()
    {
        QTest::addColumn<Route>("wanted");
        QTest::addColumn<QString>("kind");
        for (const Family family : kFamilies) {
            const bool v4 = family == Family::IPv4;
            const char *name = v4 ? "IPv4" : "IPv6";
            const QString all = v4 ? u"0.0.0.0/0"_s : u"::/0"_s;
            const QString lan = v4 ? u"192.168.7.0/24"_s : u"fd07::/64"_s;
            QTest::addRow("%s default", name) << route(family, all, Route::Kind::Unicast) << u"unicast"_s;
            QTest::addRow("%s metric", name) << route(family, lan, Route::Kind::Unicast, 77) << u"unicast"_s;
            QTest::addRow("%s throw", name) << route(family, lan, Route::Kind::Throw) << u"throw"_s;
            QTest::addRow("%s unreachable", name)
                << route(family, all, Route::Kind::Unreachable, kUnreachableMetric) << u"unreachable"_s;
        }
    }

    void route_roundTrips()
    {
        QFETCH(Route, wanted);
        QFETCH(QString, kind);
        VERIFY_DONE(m_kernel.execute(PutRoute{wanted}));
        VERIFY_DONE(m_kernel.execute(PutRoute{wanted}));
        const QString show = (wanted.family == Family::IPv4 ? u"-4"_s : u"-6"_s) + u" route show table 2592"_s;
        const QJsonArray found = ip(show);
        QCOMPARE(found.size(), 1);
        const QJsonObject one = found[0].toObject();
        const QString destination = wanted.destination.length() == 0 ? u"default"_s : wanted.destination.toCidr();
        QCOMPARE(text(one[u"dst"_s]), destination);
        QCOMPARE(text(one[u"type"_s]), kind);
        QCOMPARE(text(one[u"protocol"_s]), u"142"_s);
        if (wanted.kind == Route::Kind::Unicast)
            QCOMPARE(text(one[u"dev"_s]), u"up0"_s);
        if (wanted.metric != 0)
            QCOMPARE(quint32(one[u"metric"_s].toDouble()), wanted.metric);
        QCOMPARE(m_kernel.observe()->routes, std::vector{wanted});
        VERIFY_DONE(m_kernel.execute(DeleteRoute{wanted}));
        VERIFY_DONE(m_kernel.execute(DeleteRoute{wanted}));
        QVERIFY(ip(show).isEmpty());
    }

    void putRoute_replacesTheOneWithTheSameMetricOnly()
    {
        for (const Family family : kFamilies) {
            const QString all = family == Family::IPv4 ? u"0.0.0.0/0"_s : u"::/0"_s;
            const Route fallback = route(family, all, Route::Kind::Unreachable, kUnreachableMetric);
            VERIFY_DONE(m_kernel.execute(PutRoute{fallback}));
            VERIFY_DONE(m_kernel.execute(PutRoute{route(family, all, Route::Kind::Throw)}));
            Route device = route(family, all, Route::Kind::Unicast);
            VERIFY_DONE(m_kernel.execute(PutRoute{device}));
            std::vector<Route> routes = m_kernel.observe()->routes;
            std::erase_if(routes, [&](const Route &one) { return one.family != family; });
            std::vector<Route> expected = {device, fallback};
            std::ranges::sort(expected);
            QCOMPARE(routes, expected);
        }
    }

    void routeWithSource_roundTrips()
    {
        VERIFY_DONE(m_kernel.execute(AddAddress{u"up0"_s, address(u"10.42.1.2/16")}));
        Route wanted = route(Family::IPv4, u"0.0.0.0/0", Route::Kind::Unicast);
        wanted.source = *IpAddress::parse(u"10.42.1.2");
        VERIFY_DONE(m_kernel.execute(PutRoute{wanted}));
        QCOMPARE(m_kernel.observe()->routes, std::vector{wanted});
        VERIFY_DONE(m_kernel.execute(DeleteRoute{wanted}));
        QVERIFY(m_kernel.observe()->routes.empty());
        VERIFY_DONE(m_kernel.execute(DeleteAddress{u"up0"_s, address(u"10.42.1.2/16")}));
    }

    void foreignRoutes_areNotOurs()
    {
        run(u"ip route add 198.51.100.0/24 dev up0 table 2592"_s.split(u' '));
        run(u"ip route add 198.51.101.0/24 dev up0 proto 142 table 7777"_s.split(u' '));
        QVERIFY(m_kernel.observe()->routes.empty());
        const Route same = route(Family::IPv4, u"198.51.100.0/24", Route::Kind::Unicast);
        VERIFY_DONE(m_kernel.execute(DeleteRoute{same}));
        QCOMPARE(ip(u"route show table 2592"_s).size(), 1); // not ours: still there
        run(u"ip route flush table 2592"_s.split(u' '));
        run(u"ip route flush table 7777"_s.split(u' '));
    }

    void routeOverDownLink_isRefusedInTheKernelsWords()
    {
        run(u"ip link add idle0 type veth peer name idle1"_s.split(u' '));
        Route wanted = route(Family::IPv4, u"0.0.0.0/0", Route::Kind::Unicast);
        wanted.device = u"idle0"_s;
        const Result<Done> refused = m_kernel.execute(PutRoute{wanted});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::KernelRefused);
        QVERIFY2(refused.error().detail.contains(u"0.0.0.0/0"_s), qPrintable(refused.error().detail));
        QVERIFY2(refused.error().detail.contains(u"Network is down"_s), qPrintable(refused.error().detail));
        run(u"ip link del idle0"_s.split(u' '));
    }

    void rule_roundTrips_data()
    {
        QTest::addColumn<Rule>("wanted");
        for (const Family family : kFamilies) {
            const char *name = family == Family::IPv4 ? "IPv4" : "IPv6";
            QTest::addRow("%s underlay", name) << rule(family, 5101, kExitMark, kMainTable);
            QTest::addRow("%s payload", name) << rule(family, kExitPreference);
            Rule stop = rule(family, 5111, kExitMark, 0);
            stop.action = Rule::Action::Unreachable;
            QTest::addRow("%s unreachable", name) << stop;
            Rule gateway = rule(family, 5160, 0, kGatewayTable);
            gateway.inputDevice = u"sally-home"_s;
            QTest::addRow("%s incoming", name) << gateway;
        }
    }

    void rule_roundTrips()
    {
        QFETCH(Rule, wanted);
        VERIFY_DONE(m_kernel.execute(AddRule{wanted}));
        VERIFY_DONE(m_kernel.execute(AddRule{wanted}));
        const QString show
            = (wanted.family == Family::IPv4 ? u"-4"_s : u"-6"_s) + u" rule show pref %1"_s.arg(wanted.preference);
        const QJsonArray found = ip(show);
        QCOMPARE(found.size(), 1);
        const QJsonObject one = found[0].toObject();
        QCOMPARE(text(one[u"protocol"_s]), u"142"_s);
        if (wanted.mark != 0) {
            QCOMPARE(text(one[u"fwmark"_s]), u"0x%1"_s.arg(wanted.mark, 0, 16));
            QCOMPARE(text(one[u"fwmask"_s]), u"0xff000000"_s);
        }
        if (!wanted.inputDevice.isEmpty())
            QCOMPARE(text(one[u"iif"_s]), wanted.inputDevice);
        if (wanted.action == Rule::Action::Unreachable)
            QCOMPARE(text(one[u"action"_s]), u"unreachable"_s);
        else
            QCOMPARE(text(one[u"table"_s]), wanted.table == kMainTable ? u"main"_s : QString::number(wanted.table));
        QCOMPARE(m_kernel.observe()->rules, std::vector{wanted});
        VERIFY_DONE(m_kernel.execute(DeleteRule{wanted}));
        VERIFY_DONE(m_kernel.execute(DeleteRule{wanted}));
        QVERIFY(ip(show).isEmpty());
    }

    void foreignRuleOfTheSameShape_isNotOursAndStays()
    {
        run(u"ip rule add pref 5400 lookup 2592"_s.split(u' '));
        const Rule same = rule(Family::IPv4, 5400);
        QVERIFY(m_kernel.observe()->rules.empty());
        VERIFY_DONE(m_kernel.execute(DeleteRule{same}));
        QCOMPARE(ip(u"rule show pref 5400"_s).size(), 1);
        run(u"ip rule del pref 5400"_s.split(u' '));
    }

    void uplinks_arePhysicalLinksThatAreUp()
    {
        run(u"ip addr add 10.41.3.3/16 dev up0"_s.split(u' '));
        run(u"ip route add default dev up0"_s.split(u' '));
        run(u"ip link add br0 type bridge"_s.split(u' '));
        run(u"ip link add port0 type veth peer name port1"_s.split(u' '));
        run(u"ip link set port0 master br0"_s.split(u' '));
        run(u"ip tuntap add tun7 mode tun"_s.split(u' '));
        for (const QString &name : {u"br0"_s, u"port0"_s, u"tun7"_s})
            run({u"ip"_s, u"link"_s, u"set"_s, name, u"up"_s});
        const std::vector<Uplink> found = uplinks();
        QStringList names;
        for (const Uplink &uplink : found)
            names.append(uplink.name);
        QCOMPARE(names, (QStringList{u"far0"_s, u"up0"_s}));
        QVERIFY(!found[0].hasDefaultRoute);
        QVERIFY(found[1].hasDefaultRoute);
        QCOMPARE(found[1].mtu, 1500u);
        QVERIFY(std::ranges::count(found[1].addresses, address(u"10.41.3.3/16")) == 1);
        for (const QString &name : {u"br0"_s, u"port0"_s, u"tun7"_s})
            run({u"ip"_s, u"link"_s, u"del"_s, name});
        run(u"ip route del default"_s.split(u' '));
        run(u"ip addr del 10.41.3.3/16 dev up0"_s.split(u' '));
    }

    void cardWithoutCable_isNoLinkOfOthers()
    {
        run(u"ip link set far0 down"_s.split(u' ')); // up0 stays up and has no carrier
        const Result<ObservedState> state = m_kernel.observe();
        run(u"ip link set far0 up"_s.split(u' '));
        QVERIFY(state);
        QVERIFY(state->uplinks.empty());
        for (const VirtualLink &link : state->virtualLinks)
            QVERIFY2(link.name != u"up0"_s, "the guard would let private addresses through it once it has a cable");
    }

    void defaultRouteOverSeveralHops_countsForEach()
    {
        run(u"ip route add default nexthop dev up0 nexthop dev far0"_s.split(u' '));
        for (const Uplink &uplink : uplinks())
            QVERIFY2(uplink.hasDefaultRoute, qPrintable(uplink.name));
        run(u"ip route del default"_s.split(u' '));
        run(u"ip -6 route add default dev far0 metric 5"_s.split(u' '));
        for (const Uplink &uplink : uplinks())
            QCOMPARE(uplink.hasDefaultRoute, uplink.name == u"far0"_s);
        run(u"ip -6 route del default"_s.split(u' '));
    }

    void monitor_tellsOfOthersAndNotOfUs()
    {
        netlink::Monitor monitor(m_kernel.routeSocket());
        VERIFY_DONE(monitor.start());
        QSignalSpy spy(&monitor, &netlink::Monitor::changed);
        while (spy.wait(200)) {} // what the tests before still cause
        QVERIFY(m_kernel.execute(AddRule{rule(Family::IPv4, 5400)}));
        QVERIFY(m_kernel.execute(DeleteRule{rule(Family::IPv4, 5400)}));
        QVERIFY(!spy.wait(200));
        const QStringList changes = {u"link add mon0 type veth peer name mon1"_s, u"link set mon0 up"_s,
            u"addr add 10.77.0.1/24 dev mon0"_s, u"-6 addr add fd77::1/64 dev mon0"_s,
            u"route add 203.0.113.0/24 dev up0"_s, u"-6 route add 2001:db8::/64 dev up0"_s,
            u"rule add pref 99 lookup main"_s, u"-6 rule add pref 99 lookup main"_s, u"rule del pref 99"_s,
            u"-6 rule del pref 99"_s, u"link del mon0"_s};
        for (const QString &change : changes) {
            while (spy.wait(100)) {} // what the last one still caused
            spy.clear();
            run(QStringList{u"ip"_s} + change.split(u' '));
            QVERIFY2(!spy.isEmpty() || spy.wait(1000), qPrintable(change));
        }
    }

    void monitor_takesLostNotificationsForAChange()
    {
        netlink::Monitor monitor(m_kernel.routeSocket());
        VERIFY_DONE(monitor.start());
        QSignalSpy spy(&monitor, &netlink::Monitor::changed);
        // Our own requests alone, enough to overflow the socket while nobody reads it.
        for (int i = 0; i < 3000; ++i) {
            QVERIFY(m_kernel.execute(AddRule{rule(Family::IPv4, 5400)}));
            QVERIFY(m_kernel.execute(DeleteRule{rule(Family::IPv4, 5400)}));
        }
        QVERIFY(spy.wait(1000));
    }

    void observing_isFast()
    {
        QVERIFY(m_kernel.observe());
        QBENCHMARK
        {
            QVERIFY(m_kernel.observe());
        }
    }

private:
    std::vector<Uplink> uplinks()
    {
        Result<ObservedState> state = m_kernel.observe();
        return state ? std::move(state->uplinks) : std::vector<Uplink>();
    }
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<NetworkTest>(argc, argv);
}

#include "network_test.moc"
