// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "helper/probe/move_rules.h"
#include "helper/probe/traffic_memory.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::probe;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Endpoint endpoint(const QString &text, quint32 scope = 0)
{
    Endpoint parsed = *Endpoint::parse(text);
    parsed.scopeId = scope;
    return parsed;
}

const PeerPath kLan4{endpoint(u"192.168.1.5:51820"_s), LocalPath{*IpAddress::parse(u"192.168.1.2"), 3}};
const PeerPath kPublic4{endpoint(u"203.0.113.9:53333"_s), LocalPath{*IpAddress::parse(u"192.168.1.2"), 3}};
const PeerPath kPublic6{endpoint(u"[2001:db8::9]:51820"_s), LocalPath{*IpAddress::parse(u"2001:db8:1::2"), 4}};
const PeerPath kLink3{endpoint(u"[fe80::5]:51820"_s, 3), LocalPath{*IpAddress::parse(u"fe80::2"), 3}};
const PeerPath kLink4{endpoint(u"[fe80::5]:51820"_s, 4), LocalPath{*IpAddress::parse(u"fe80::3"), 4}};

PeerStats stats(quint64 received, quint64 sent)
{
    return {PublicKey{}, {}, received, sent, 10s};
}

PathTime at(std::chrono::seconds time)
{
    return PathTime(time);
}

} // namespace

class MoveRulesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void packetsOfOneFamily_areRewritten()
    {
        QCOMPARE(wayBetween(kPublic4, kLan4), MoveWay::Pin);
        QCOMPARE(wayBetween(kLink3, kPublic6), MoveWay::Pin);
        QCOMPARE(wayBetween(kLink3, kLink3), MoveWay::Pin);
    }

    void whatWireGuardTakesFromThePacket_cannotBeRewritten()
    {
        QVERIFY(wayBetween(kPublic4, kPublic6) != MoveWay::Pin);
        QVERIFY(wayBetween(kPublic6, kPublic4) != MoveWay::Pin);
        QVERIFY(wayBetween(kLink3, kLink4) != MoveWay::Pin);
        QVERIFY(wayBetween({kPublic6.endpoint, {}}, kLink4) != MoveWay::Pin); // nobody knows where it comes in
        QCOMPARE(wayBetween(kPublic6, kLink4), MoveWay::Pin); // it comes in by that interface
    }

    void window_coversTheRoundTripAndIsBounded()
    {
        QCOMPARE(timesOf(MoveWay::Pin, 0ms, 1).window, 100ms);
        QCOMPARE(timesOf(MoveWay::Pin, 80ms, 1).window, 170ms);
        QCOMPARE(timesOf(MoveWay::Pin, 80ms, 2).window, 340ms);
        QCOMPARE(timesOf(MoveWay::Pin, 1h, 1).window, 2000ms);
        QCOMPARE(timesOf(MoveWay::Pin, -1s, 1).window, 100ms);
        QCOMPARE(timesOf(MoveWay::Pin, 80ms, 1).reading * kReadings, 104ms);
        QCOMPARE(timesOf(MoveWay::Assert, 80ms, 1).window, 800ms);
        QCOMPARE(timesOf(MoveWay::Assert, 1h, 1).window, 3000ms);
    }

    void pin_tellsThePathItLeavesAndTheOneItFollows()
    {
        const std::vector<Pin> pins = pinsFor(
            {{kPublic4, MoveWay::Pin}, {kPublic6, MoveWay::Drop}, {kLink3, MoveWay::Carry, 40001}}, kLan4, 51820);
        QCOMPARE(pins.size(), 3u);
        QCOMPARE(pins[0], (Pin{51820, kPublic4.endpoint, kLan4.endpoint, kLan4.local->source, {}}));
        QCOMPARE(pins[1], (Pin{51820, kPublic6.endpoint, {}, {}, {}}));
        QCOMPARE(pins[2], (Pin{51820, kLink3.endpoint, {}, {}, 40001}));
        QVERIFY(!pinsFor({{kPublic4, MoveWay::Pin}}, {kLan4.endpoint, {}}, 51820).front().local);
    }

    void table_hasOneRuleForEachPin()
    {
        const Table table = pinTable(pinsFor({{kPublic4, MoveWay::Pin}, {kPublic6, MoveWay::Drop},
                                                 {kPublic6, MoveWay::Carry, 40001}, {kLink3, MoveWay::Carry, 40002}},
            kLan4, 51820));
        QCOMPARE(table.name, QLatin1StringView(kPinTable));
        QVERIFY(table.version.startsWith(u"sallyport "_s));
        for (const char *line : {"ip saddr 203.0.113.9 udp sport 53333 udp dport 51820 ip daddr set 192.168.1.2 ip "
                                 "saddr set 192.168.1.5 udp "
                                 "sport set 51820 accept\n",
                 "    ip6 saddr 2001:db8::9 udp sport 51820 udp dport 51820 drop\n",
                 "    meta mark & 0xff000000 == 0xa1000000 ip6 daddr 2001:db8::9 udp sport 51820 udp dport 51820 ip6 "
                 "daddr "
                 "set ::1 udp dport set 40001 accept\n",
                 "0xa1000000 meta oif 3 ip6 daddr fe80::5 udp sport 51820 udp dport 51820 ip6 daddr set ::1 udp dport "
                 "set "
                 "40002 accept\n"})
            QVERIFY2(table.text.contains(line), table.text.constData());
        QVERIFY(pinTable({}).version != table.version);
    }

    void placesOfNoSingleMachine_areNotSentTo()
    {
        for (const QString &good : {u"192.168.1.5:51820"_s, u"[2001:db8::1]:1"_s, u"169.254.3.4:51820"_s})
            QVERIFY2(isSendable(endpoint(good)), qPrintable(good));
        for (const QString &bad :
            {u"0.0.0.0:51820"_s, u"127.0.0.1:51820"_s, u"224.0.0.1:51820"_s, u"255.255.255.255:51820"_s,
                u"[::1]:51820"_s, u"[ff02::1]:51820"_s, u"[::]:51820"_s, u"[fe80::1]:51820"_s})
            QVERIFY2(!isSendable(endpoint(bad)), qPrintable(bad));
        QVERIFY(isSendable(endpoint(u"[fe80::1]:51820"_s, 3)));
        QVERIFY(!isSendable(endpoint(u"[2001:db8::1]:51820"_s, 3)));
        QVERIFY(!isSendable(Endpoint{*IpAddress::parse(u"192.168.1.5"), 0, 0}));
    }

    void peer_isIdleOnlyIfItsCountersWereKnownFiveSecondsAgo()
    {
        TrafficMemory memory;
        QVERIFY(!memory.isIdle(stats(0, 0), at(100s)));
        memory.note(stats(10000, 5000), at(100s));
        QVERIFY(!memory.isIdle(stats(10000, 5000), at(104s)));
        QVERIFY(memory.isIdle(stats(10000, 5000), at(105s)));
        QVERIFY(memory.isIdle(stats(11000, 6047), at(105s)));
        QVERIFY(!memory.isIdle(stats(11000, 6048), at(105s)));
        QVERIFY(!memory.isIdle(stats(0, 0), at(105s))); // made anew meanwhile
        memory.forget();
        QVERIFY(!memory.isIdle(stats(10000, 5000), at(105s)));
    }

    void manyReadings_areJudgedByTheLatestThatIsOldEnough()
    {
        TrafficMemory memory;
        for (int second = 0; second < 100; ++second)
            memory.note(
                stats(static_cast<quint64>(second < 90 ? second : 90) * 100000, 0), at(std::chrono::seconds(second)));
        QVERIFY(memory.isIdle(stats(9000000, 0), at(99s)));
        QVERIFY(!memory.isIdle(stats(9004096, 0), at(99s)));
        QVERIFY(!memory.isIdle(stats(9000000, 0), at(94s)));
    }
};

QTEST_GUILESS_MAIN(MoveRulesTest)
#include "move_rules_test.moc"
