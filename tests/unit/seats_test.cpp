// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_state_of.h"
#include "core/plan/planner.h"
#include "core/plan/seats.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/sample_configuration.h"
#include "tests/support/sample_others.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace sallyport;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(sallyport::Others)

namespace {

constexpr Seats kUsual;

Others ruleWith(const std::function<void(ForeignRule &)> &change)
{
    Others others = sample::wgQuick(5099);
    for (ForeignRule &rule : others.rules) {
        if (rule.table == 51820)
            change(rule);
    }
    return others;
}

DesiredState desiredWithAll()
{
    const Configuration configuration = sample::configuration();
    return desiredStateOf(
        configuration, {true, true, u"se"_s, false}, {sample::homeLan(), {}}, sample::secrets(configuration));
}

/// The first thing that happens to a packet of this machine, as fib_rules_lookup walks: by ours or by somebody else's.
bool reachesOurs(const std::vector<Rule> &ours, const Others &others, quint32 mark, quint32 table)
{
    const auto own = std::ranges::find_if(ours, [&](const Rule &rule) {
        return rule.action == Rule::Action::Lookup && rule.table == table && rule.inputDevice.isEmpty()
            && (rule.mark == 0 || rule.mark == mark);
    });
    return own != ours.end() && std::ranges::none_of(others.rules, [&](const ForeignRule &rule) {
        return rule.preference <= own->preference && captures(rule, mark, others, sample::homeLan());
    });
}

} // namespace

class SeatsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void othersThatCaptureNothing_leaveUsWhereWeAre_data()
    {
        QTest::addColumn<Others>("others");
        QTest::newRow("nobody") << Others{};
        QTest::newRow("the kernel itself") << sample::kernelItself();
        QTest::newRow("tailscale") << sample::tailscale(false);
        QTest::newRow("tailscale with an exit node comes after us") << sample::tailscale(true);
        QTest::newRow("wg-quick before us, so far below") << sample::wgQuick(32764);
        QTest::newRow("NetworkManager, far below") << sample::networkManager();
        QTest::newRow("NetBird without an exit node leads nowhere") << sample::netbird(false);
        QTest::newRow("a table without a default route") << ruleWith([](ForeignRule &rule) { rule.table = 200; });
        QTest::newRow("only for what comes in by a link") << ruleWith([](ForeignRule &rule) {
            rule.inverted = false;
            rule.mask = 0;
            rule.inputDevice = u"docker0"_s;
        });
        QTest::newRow("only for sockets that asked for a link") << ruleWith([](ForeignRule &rule) {
            rule.inverted = false;
            rule.mask = 0;
            rule.outputDevice = u"wg0"_s;
        });
        QTest::newRow("only from an address") << ruleWith([](ForeignRule &rule) {
            rule.inverted = false;
            rule.mask = 0;
            rule.source = *Prefix::parse(u"10.9.0.0/16");
        });
        QTest::newRow("only for a user") << ruleWith([](ForeignRule &rule) {
            rule.inverted = false;
            rule.mask = 0;
            rule.isNarrow = true;
        });
        QTest::newRow("only for its own mark") << ruleWith([](ForeignRule &rule) { rule.inverted = false; });
        QTest::newRow("default routes do not count in it")
            << ruleWith([](ForeignRule &rule) { rule.suppressPrefixLength = 0; });
        Others physical = sample::wgQuick(5099);
        for (ForeignDefault &each : physical.defaults)
            each.device = u"eth0"_s;
        QTest::newRow("leads to the physical network anyway") << physical;
        QTest::newRow("too far up to be answered") << sample::wgQuick(20);
    }
    void othersThatCaptureNothing_leaveUsWhereWeAre()
    {
        QFETCH(Others, others);
        QCOMPARE(seatsAmong(others, sample::homeLan()), kUsual);
    }

    void othersThatCapture_areOvertaken_data()
    {
        QTest::addColumn<Others>("others");
        QTest::addColumn<quint32>("first");
        QTest::newRow("wg-quick after us") << sample::wgQuick(5099) << 5079u;
        QTest::newRow("Mullvad after us") << sample::mullvad(5099) << 5079u;
        QTest::newRow("NetBird with an exit node") << sample::netbird(true) << 90u;
        QTest::newRow("the first of two")
            << sample::together(sample::wgQuick(5099), sample::wgQuick(5077, u"wg1"_s, 51821)) << 5057u;
        QTest::newRow("behind the underlay, but before home") << sample::wgQuick(5120) << 5100u;
        QTest::newRow("lowest seat") << sample::wgQuick(36) << 16u;
        QTest::newRow("little room") << sample::wgQuick(27) << 16u;
        QTest::newRow("it refuses everything else") << ruleWith([](ForeignRule &rule) {
            rule.action = ForeignRule::Action::Refuse;
            rule.table = 0;
        }) << 5079u;
        QTest::newRow("only what this machine sends") << ruleWith([](ForeignRule &rule) {
            rule.inverted = false;
            rule.mask = 0;
            rule.inputDevice = u"lo"_s;
        }) << 5079u;
        QTest::newRow("all but one network") << ruleWith([](ForeignRule &rule) {
            rule.mask = 0;
            rule.destination = *Prefix::parse(u"192.168.0.0/16");
        }) << 5079u;
        QTest::newRow("a mask that spares some of our marks only") << ruleWith([](ForeignRule &rule) {
            rule.mark = kHomeMark;
            rule.mask = kMarkMask;
        }) << 5079u;
    }
    void othersThatCapture_areOvertaken()
    {
        QFETCH(Others, others);
        QFETCH(quint32, first);
        const Seats seats = seatsAmong(others, sample::homeLan());
        QCOMPARE(seats, (Seats{first, first + 4, first + 8, first + 9, first + 10}));
        const std::vector<Rule> rules = seated(desiredWithAll().rules, seats);
        QVERIFY(std::ranges::is_sorted(rules));
        for (const quint32 mark : kMarks)
            QVERIFY(reachesOurs(rules, others, mark, kMainTable));
        QVERIFY(reachesOurs(rules, others, 0, kHomeTable));
    }

    void sameRulesAtOtherSeats()
    {
        const std::vector<Rule> before = desiredWithAll().rules;
        const std::vector<Rule> after = seated(before, seatsAmong(sample::wgQuick(5099), sample::homeLan()));
        QCOMPARE(after.size(), before.size());
        std::set<std::pair<Family, quint32>> preferences;
        for (const Rule &rule : after)
            preferences.emplace(rule.family, rule.preference);
        QCOMPARE(preferences.size(), after.size()); // no two share a seat
        const auto isExit = [](const Rule &rule) { return rule.table == kExitTable; };
        QVERIFY(std::ranges::all_of(
            after, [&](const Rule &rule) { return isExit(rule) == (rule.preference == kExitPreference); }));
    }

    /// Underlay and home are never without a rule while the block moves, there and back.
    void movingLeavesNoGap()
    {
        FakeKernel kernel;
        kernel.state.uplinks = sample::homeLan();
        DesiredState desired = desiredWithAll();
        QVERIFY(run(plan(desired, kernel.state).now, kernel));
        const std::vector<Rule> usual = desired.rules;
        const std::vector<Rule> above = seated(usual, seatsAmong(sample::wgQuick(5099), sample::homeLan()));
        const IpAddress internet = *IpAddress::parse(u"192.0.2.80");
        const IpAddress nas = *IpAddress::parse(u"10.42.1.4");
        for (const auto &rules : {above, usual}) {
            desired.rules = rules;
            const std::vector<Operation> moves = plan(desired, kernel.state).now;
            QVERIFY(!moves.empty());
            for (const Operation &move : moves) {
                QVERIFY(kernel.execute(move));
                QCOMPARE(kernel.route(internet, kExitMark), Fate::Uplink);
                QCOMPARE(kernel.route(internet, kHomeMark), Fate::Uplink);
                QCOMPARE(kernel.route(nas), Fate::HomeTunnel);
                QCOMPARE(kernel.route(internet), Fate::ExitTunnel);
            }
            QCOMPARE(kernel.state.rules, rules);
        }
    }

    void meshTrafficIsNotForwardedWhileExitIsOn()
    {
        const auto stops = [](const DesiredState &state) {
            return std::ranges::count_if(state.rules, [](const Rule &rule) {
                return rule.inputDevice == QLatin1String(kHomeLink) && rule.action == Rule::Action::Unreachable
                    && rule.preference == kGatewayStopPreference;
            });
        };
        const Configuration configuration = sample::configuration();
        const auto with = [&](bool home, bool exit, const QString &name) {
            return stops(desiredStateOf(
                configuration, {home, exit, name, false}, {sample::homeLan(), {}}, sample::secrets(configuration)));
        };
        QCOMPARE(with(true, true, u"se"_s), 2);
        QCOMPARE(with(true, true, u"vps"_s), 2);
        QCOMPARE(with(false, true, u"vps"_s), 2); // its exit is a device: sally-home is there
        QCOMPARE(with(false, true, u"se"_s), 0);
        QCOMPARE(with(true, false, {}), 0); // who forwards by own means goes on
    }
};

QTEST_GUILESS_MAIN(SeatsTest)
#include "seats_test.moc"
