// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/conflicts.h"
#include "core/plan/found.h"
#include "tests/support/sample_configuration.h"
#include "tests/support/sample_others.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(sallyport::Others)

namespace {

Others answering(Others others, quint32 mark, const QString &device)
{
    others.answers.push_back({Family::IPv4, mark, device});
    return others;
}

Others without(Others others, Family family, quint32 table)
{
    std::erase_if(others.rules, [&](const ForeignRule &rule) { return rule.family == family && rule.table == table; });
    return others;
}

Others networkd()
{
    Others others;
    others.networkdDeletesRules = true;
    return others;
}

Intent both()
{
    return {true, true, u"se"_s, false};
}

Intent onlyHome()
{
    return {true, false, u"se"_s, false};
}

ObservedState machineWith(const Others &others)
{
    ObservedState observed;
    observed.uplinks = sample::homeLan();
    observed.others = sample::together(sample::kernelItself(), others);
    return observed;
}

std::vector<Conflict> conflictsWith(
    const Others &others, const Intent &intent, const Configuration &configuration = sample::configuration())
{
    return conflictsOf(configuration, intent, machineWith(others));
}

QString whoIn(const std::vector<Conflict> &conflicts)
{
    QStringList names;
    for (const Conflict &conflict : conflicts)
        names += conflict.who;
    return names.join(u", "_s);
}

/// This machine forwards for the others.
Configuration serving()
{
    Configuration configuration = sample::configuration();
    for (Device &device : configuration.home->devices) {
        if (device.name == configuration.home->device)
            device.offersExit = true;
    }
    if (std::ranges::find(configuration.home->devices, configuration.home->device, &Device::name)
        == configuration.home->devices.end()) {
        Device own;
        own.name = configuration.home->device;
        own.offersExit = true;
        configuration.home->devices.push_back(own);
    }
    return configuration;
}

Configuration homeAt(const QString &address)
{
    Configuration configuration = sample::configuration();
    configuration.home->addresses = {*InterfaceAddress::parse(address)};
    return configuration;
}

Configuration askingResolver(const QString &address)
{
    Configuration configuration = sample::configuration();
    for (Exit &exit : configuration.exits) {
        if (auto *provider = std::get_if<ProviderExit>(&exit.way))
            provider->dns = {*IpAddress::parse(address)};
    }
    return configuration;
}

} // namespace

class ConflictsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoIsInTheWay_data()
    {
        QTest::addColumn<Others>("others");
        QTest::addColumn<QString>("withBoth");
        QTest::addColumn<QString>("withHomeOnly");
        QTest::newRow("nobody") << Others{} << QString() << QString();
        QTest::newRow("tailscale") << sample::tailscale(false) << QString() << QString();
        QTest::newRow("tailscale with an exit node") << sample::tailscale(true) << u"Tailscale"_s << QString();
        QTest::newRow("wg-quick above us") << sample::wgQuick(5099) << u"wg-quick (wg0)"_s << QString();
        QTest::newRow("wg-quick below us") << sample::wgQuick(32764) << u"wg-quick (wg0)"_s << QString();
        QTest::newRow("two of them") << sample::together(sample::wgQuick(5099), sample::wgQuick(5097, u"wg7"_s, 51821))
                                     << u"wg-quick (wg7), wg-quick (wg0)"_s << QString();
        QTest::newRow("NetworkManager") << sample::networkManager() << u"NetworkManager (wg1)"_s << QString();
        QTest::newRow("NetBird") << sample::netbird(false) << QString() << QString();
        QTest::newRow("NetBird with an exit node") << sample::netbird(true) << u"NetBird"_s << QString();
        QTest::newRow("Mullvad") << sample::mullvad(32764) << u"Mullvad app"_s << u"Mullvad app"_s;
        QTest::newRow("firewalld") << sample::firewalld(false) << u"firewalld"_s << u"firewalld"_s;
        QTest::newRow("firewalld that trusts home") << sample::firewalld(true) << QString() << QString();
        QTest::newRow("ufw") << sample::ufw(false) << u"ufw"_s << u"ufw"_s;
        QTest::newRow("ufw that allows home") << sample::ufw(true) << QString() << QString();
        QTest::newRow("Docker where nothing is forwarded") << sample::docker(false) << QString() << QString();
        QTest::newRow("networkd") << networkd() << u"systemd-networkd"_s << u"systemd-networkd"_s;
        QTest::newRow("encrypted packets in another tunnel")
            << answering({}, kExitMark, u"tun0"_s) << u"OpenVPN or another tunnel (tun0)"_s
            << u"OpenVPN or another tunnel (tun0)"_s;
        QTest::newRow("encrypted packets on the card") << answering({}, kHomeMark, u"eth0"_s) << QString() << QString();
        QTest::newRow("no way out at all") << answering({}, kExitMark, {}) << QString() << QString();
        QTest::newRow("encrypted packets in a tunnel above any seat")
            << answering(sample::wgQuick(20), kExitMark, u"wg0"_s) << u"wg-quick (wg0)"_s << u"wg-quick (wg0)"_s;
        QTest::newRow("everything leaves by the exit") << answering({}, 0, u"sally-exit"_s) << QString() << QString();
        QTest::newRow("something leaves by the card") << answering({}, 0, u"eth0"_s) << u"routing rules"_s << QString();
        QTest::newRow("something leaves elsewhere")
            << answering({}, 0, u"corp0"_s) << u"Another program (corp0)"_s << QString();
    }
    void whoIsInTheWay()
    {
        QFETCH(Others, others);
        QFETCH(QString, withBoth);
        QFETCH(QString, withHomeOnly);
        QCOMPARE(whoIn(conflictsWith(others, both())), withBoth);
        QCOMPARE(whoIn(conflictsWith(others, onlyHome())), withHomeOnly);
        QVERIFY(conflictsWith(others, Intent{}).empty()); // nothing of ours is on: nothing is in the way
    }

    void everyConflictIsASentenceWithAdvice()
    {
        const Others all = sample::together(sample::together(sample::mullvad(5099), sample::wgQuick(5097)),
            sample::together(sample::tailscale(true), sample::together(sample::firewalld(false), networkd())));
        const auto conflicts = conflictsWith(all, both());
        QCOMPARE(whoIn(conflicts), u"Mullvad app, wg-quick (wg0), Tailscale, systemd-networkd, firewalld"_s);
        for (const Conflict &conflict : conflicts) {
            QVERIFY2(conflict.what.startsWith(u"it "_s) || conflict.what.startsWith(u"its "_s),
                qUtf8Printable(conflict.what));
            QVERIFY2(conflict.what.endsWith(u'.'), qUtf8Printable(conflict.what));
            QVERIFY2(
                conflict.advice.endsWith(u'.') && conflict.advice.front().isUpper(), qUtf8Printable(conflict.advice));
        }
    }

    void adviceNamesTheCommand()
    {
        QVERIFY(
            conflictsWith(sample::wgQuick(5099, u"office"_s), both()).front().advice.contains(u"wg-quick down office"));
        QVERIFY(
            conflictsWith(sample::networkManager(), both()).front().advice.contains(u"nmcli device disconnect wg1"));
    }

    void kernelRulesThatAreMissing()
    {
        const Others kernel = sample::kernelItself();
        const auto conflictsOn = [](const Others &others) {
            ObservedState observed;
            observed.others = others;
            return conflictsOf(sample::configuration(), onlyHome(), observed);
        };
        QVERIFY(conflictsOn(kernel).empty());
        QVERIFY(conflictsOn(Others{}).empty()); // nothing could be read
        QCOMPARE(conflictsOn(without(kernel, Family::IPv4, kMainTable)).front().advice,
            u"Add it again: ip rule add pref 32766 lookup main."_s);
        QCOMPARE(conflictsOn(without(kernel, Family::IPv6, kMainTable)).front().advice,
            u"Add it again: ip -6 rule add pref 32766 lookup main."_s);
        QCOMPARE(conflictsOn(without(kernel, Family::IPv4, 253)).size(), std::size_t(1));
        Others suppressed = sample::together(without(kernel, Family::IPv4, kMainTable), sample::wgQuick(32764));
        QCOMPARE(
            whoIn(conflictsOn(suppressed)), u"kernel rules"_s); // the suppressing rule of wg-quick is no substitute
    }

    void dockerMattersWhereSomethingIsForwarded()
    {
        QCOMPARE(whoIn(conflictsWith(sample::docker(false), onlyHome(), serving())), u"Docker"_s);
        QVERIFY(conflictsWith(sample::docker(true), onlyHome(), serving()).empty());
        Configuration gateway = sample::configuration();
        gateway.gateway.serve = true;
        QCOMPARE(whoIn(conflictsWith(sample::docker(false), onlyHome(), gateway)), u"Docker"_s);
    }

    void homeInTheTailnetsRange()
    {
        const Others tailscale = sample::tailscale(false);
        QCOMPARE(whoIn(conflictsWith(tailscale, onlyHome(), homeAt(u"100.80.1.2/16"_s))), u"Tailscale"_s);
        QCOMPARE(whoIn(conflictsWith(tailscale, onlyHome(), homeAt(u"fd7a:115c:a1e0:1::2/64"_s))), u"Tailscale"_s);
        QVERIFY(conflictsWith(tailscale, onlyHome(), homeAt(u"100.128.1.2/16"_s)).empty());
        QVERIFY(conflictsWith(Others{}, onlyHome(), homeAt(u"100.80.1.2/16"_s)).empty());
    }

    void resolverOfTheExitInTheTailnetsRange()
    {
        const Others tailscale = sample::tailscale(false);
        QCOMPARE(whoIn(conflictsWith(tailscale, both(), askingResolver(u"100.64.0.7"_s))), u"Tailscale"_s);
        QVERIFY(conflictsWith(tailscale, both(), askingResolver(u"10.64.0.1"_s)).empty());
        QVERIFY(conflictsWith(tailscale, onlyHome(), askingResolver(u"100.64.0.7"_s)).empty());
    }

    void aFightIsTold()
    {
        QCOMPARE(fightOver(machineWith(sample::wgQuick(5099))).who, u"wg-quick (wg0)"_s);
        QCOMPARE(fightOver(machineWith({})).who, u"Another program"_s);
    }

    void foundTellsWhoseIsWhat()
    {
        ObservedState observed = machineWith(sample::together(sample::tailscale(false), sample::firewalld(false)));
        observed.rules = {{Family::IPv4, 5100, kHomeMark, {}, Rule::Action::Lookup, kMainTable}};
        observed.tables = {{u"sallyport"_s, u"sallyport 1"_s}};
        const Found found = foundOf(observed);
        QCOMPARE(found.ours, (QStringList{u"1 rule from preference 5100"_s, u"nftables table inet sallyport"_s}));
        QVERIFY(found.others.contains(u"interface tailscale0 (Tailscale)"_s));
        QVERIFY(found.others.contains(u"IPv4 rule 5270 to table 52"_s));
        QVERIFY(found.others.contains(u"nftables table inet firewalld"_s));
        QVERIFY(found.others.filter(u"32766"_s).isEmpty());
    }

    void foundIsBounded()
    {
        Others many;
        for (int i = 0; i < 500; ++i)
            many.links.push_back({u"veth%1"_s.arg(i), u"veth"_s});
        const Found found = foundOf(machineWith(many));
        QCOMPARE(found.others.size(), 65);
        QCOMPARE(found.others.last(), u"436 more"_s);
    }
};

QTEST_GUILESS_MAIN(ConflictsTest)
#include "conflicts_test.moc"
