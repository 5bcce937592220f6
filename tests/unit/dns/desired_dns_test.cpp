// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/exit_dns.h"
#include "core/plan/desired_dns.h"
#include "core/plan/desired_routing.h"
#include "core/plan/dns_words.h"
#include "core/plan/planner.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

IpAddress address(const char *text)
{
    return *IpAddress::parse(QString::fromLatin1(text));
}

/// A mesh with a server of its own, a provider with two, one provider without, and a device that is an exit.
Configuration everything()
{
    Configuration configuration;
    Home home;
    home.name = u"wgnet"_s;
    home.device = u"laptop"_s;
    home.domain = u"wgnet"_s;
    home.addresses = {*InterfaceAddress::parse(u"10.42.1.2/16")};
    home.dns = {address("10.42.1.4")};
    Device nas;
    nas.name = u"nas"_s;
    nas.addresses = {*Prefix::parse(u"10.42.1.4")};
    nas.routes = {*Prefix::parse(u"10.41.0.0/16")};
    nas.offersExit = true;
    home.devices = {nas};
    configuration.home = home;
    ProviderExit mullvad;
    mullvad.addresses = {*InterfaceAddress::parse(u"10.64.3.7/32")};
    mullvad.dns = {address("10.64.0.1"), address("fc00::1"), address("10.64.0.1")};
    mullvad.searchDomains = {u"Mullvad.Example."_s};
    ProviderExit silent;
    silent.addresses = mullvad.addresses;
    configuration.exits = {{u"mullvad"_s, mullvad}, {u"silent"_s, silent}, {u"nas"_s, DeviceExit{u"nas"_s}}};
    return configuration;
}

Intent intent(bool home, const char *exit)
{
    Intent intent;
    intent.home = home;
    intent.exit = *exit != 0;
    intent.exitName = QString::fromLatin1(exit);
    return intent;
}

QString shown(const std::vector<LinkDns> &dns)
{
    QStringList links;
    for (const LinkDns &each : dns) {
        QStringList servers;
        for (const DnsServer &server : each.servers)
            servers += server.toString();
        links += each.link + u' ' + servers.join(u',') + u" search="_s + each.searchDomains.join(u',') + u" for="_s
            + each.routingDomains.join(u',');
    }
    return links.join(u" | "_s);
}

} // namespace

class DesiredDnsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choiceIsParsed_data();
    void choiceIsParsed();
    void wrongChoiceIsRefused_data();
    void wrongChoiceIsRefused();
    void serversFollowSwitchesAndPolicy_data();
    void serversFollowSwitchesAndPolicy();
    void atMostOneLinkIsAskedForEverything();
    void resolverOfTheExitIsReachedThroughItWhereverWeAre();
    void fileCarriesOneLinkWithoutTls();
    void plannerWritesWhatDiffersAndNothingElse();
    void sentenceTellsWhoIsAsked_data();
    void sentenceTellsWhoIsAsked();
    void whatCannotBeHadIsAConflict();
};

void DesiredDnsTest::choiceIsParsed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("servers");
    QTest::newRow("one") << u"9.9.9.9"_s << u"9.9.9.9"_s;
    QTest::newRow("several") << u"9.9.9.9, 2620:fe::fe 9.9.9.9"_s << u"9.9.9.9 2620:fe::fe"_s;
    QTest::newRow("TLS") << u"tls://Abc123.dns.nextdns.io@45.90.28.0"_s << u"45.90.28.0#abc123.dns.nextdns.io"_s;
    QTest::newRow("TLS as resolved writes it") << u"45.90.28.0#a.dns.nextdns.io,45.90.30.0#a.dns.nextdns.io"_s
                                               << u"45.90.28.0#a.dns.nextdns.io 45.90.30.0#a.dns.nextdns.io"_s;
    QTest::newRow("TLS, IPv6") << u"tls://dns.quad9.net@2620:fe::fe"_s << u"2620:fe::fe#dns.quad9.net"_s;
}

void DesiredDnsTest::choiceIsParsed()
{
    QFETCH(QString, text);
    const auto choice = ExitDns::parse(text);
    QVERIFY(choice);
    QVERIFY(choice->from == ExitDns::From::Servers);
    QStringList servers;
    for (const DnsServer &server : choice->servers)
        servers += server.toString();
    QTEST(servers.join(u' '), "servers");
}

void DesiredDnsTest::wrongChoiceIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"", " ", "Provider", "system", "9.9.9", "9.9.9.9:53", "9.9.9.9#", "#name", "tls://9.9.9.9",
             "tls://@9.9.9.9", "tls://a b@9.9.9.9", "tls://1.2.3.4@9.9.9.9", "0.0.0.0", "::", "127.0.0.1", "::1",
             "224.0.0.251", "fe80::1", "9.9.9.9,tls://dns.quad9.net@9.9.9.9", "https://dns.quad9.net/dns-query",
             "1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5 1.1.1.6 1.1.1.7 1.1.1.8 1.1.1.9", "provider 9.9.9.9"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void DesiredDnsTest::wrongChoiceIsRefused()
{
    QFETCH(QString, text);
    const auto choice = ExitDns::parse(text);
    QVERIFY(!choice);
    QVERIFY2(choice.error().detail.endsWith(u'.'), qPrintable(choice.error().detail));
}

void DesiredDnsTest::serversFollowSwitchesAndPolicy_data()
{
    QTest::addColumn<bool>("home");
    QTest::addColumn<QByteArray>("exit");
    QTest::addColumn<QString>("policy");
    QTest::addColumn<QString>("wanted");
    const auto row = [](const char *name, bool home, const char *exit, const char *policy, const char *wanted) {
        QTest::newRow(name) << home << QByteArray(exit) << QString::fromLatin1(policy) << QString::fromLatin1(wanted);
    };
    const char *split = "sally-home 10.42.1.4 search= for=wgnet";
    const char *provider = "sally-exit 10.64.0.1 search=mullvad.example for=.";
    const char *home = "sally-home 10.42.1.4 search= for=.";
    row("off", false, "", "provider", "");
    row("home", true, "", "provider", split);
    row("exit, what it cannot carry is left out", false, "mullvad", "provider", provider);
    row("both", true, "mullvad", "provider", (QByteArray(provider) + " | " + split).constData());
    row("exit without servers", false, "silent", "provider", "");
    row("network", false, "mullvad", "network", "");
    row("network, and home", true, "mullvad", "network", split);
    row("at home", true, "mullvad", "home", home);
    row("at home, which is off", false, "mullvad", "home", provider);
    row("own server", false, "mullvad", "9.9.9.9", "sally-exit 9.9.9.9 search= for=.");
    row("own server, not carried, with one that is", false, "mullvad", "2620:fe::fe,9.9.9.9",
        "sally-exit 9.9.9.9 search= for=.");
    row("own server at home", true, "mullvad", "10.42.1.4", home);
    row("own server behind the nas", true, "mullvad", "10.41.0.53", "sally-home 10.41.0.53 search= for=.");
    row("own server with TLS", false, "silent", "tls://dns.quad9.net@9.9.9.9",
        "sally-exit 9.9.9.9#dns.quad9.net search= for=.");
    row("device", false, "nas", "provider", home);
    row("device, own server", true, "nas", "9.9.9.9", "sally-home 9.9.9.9 search= for=.");
    row("no such exit", false, "nobody", "provider", "");
}

void DesiredDnsTest::serversFollowSwitchesAndPolicy()
{
    QFETCH(bool, home);
    QFETCH(QByteArray, exit);
    QFETCH(QString, policy);
    Configuration configuration = everything();
    configuration.policy.exitDns = policy;
    QTEST(shown(desiredDns(configuration, intent(home, exit.constData()))), "wanted");
}

void DesiredDnsTest::atMostOneLinkIsAskedForEverything()
{
    Configuration configuration = everything();
    for (const QString &policy : {u"provider"_s, u"home"_s, u"network"_s, u"9.9.9.9"_s, u"10.42.1.4"_s}) {
        for (const char *exit : {"", "mullvad", "silent", "nas"}) {
            for (const bool home : {false, true}) {
                configuration.policy.exitDns = policy;
                const auto dns = desiredDns(configuration, intent(home, exit));
                QVERIFY(std::ranges::count_if(dns, [](const LinkDns &each) {
                    return each.routingDomains.contains(u"."_s);
                }) <= 1);
                QVERIFY(std::ranges::is_sorted(dns, {}, &LinkDns::link));
            }
        }
    }
}

void DesiredDnsTest::resolverOfTheExitIsReachedThroughItWhereverWeAre()
{
    Configuration configuration = everything();
    const std::vector<IpAddress> own = {address("10.64.0.1")};
    QVERIFY(resolversOfExit(configuration, intent(true, "mullvad")) == own);
    QVERIFY(resolversOfExit(configuration, intent(true, "nas")).empty());
    RoutingFacts facts;
    facts.exitLink = u"sally-exit"_s;
    facts.exitAddresses = {*InterfaceAddress::parse(u"10.64.3.7/32")};
    facts.exitResolvers = own;
    facts.uplinks = {{u"eth0"_s, 1500, true, {*InterfaceAddress::parse(u"10.64.9.9/16")}}};
    const auto routes = desiredRoutes(facts);
    const auto found = std::ranges::find(routes, Prefix::host(own.front()), &Route::destination);
    QVERIFY(found != routes.end());
    QVERIFY(found->kind == Route::Kind::Unicast && found->device == facts.exitLink && found->table == kExitTable);
    // One that the provider does not offer may be somebody here: nothing leads past the local network then.
    configuration.policy.exitDns = u"10.64.0.53"_s;
    QVERIFY(resolversOfExit(configuration, intent(false, "mullvad")).empty());
    ObservedState observed;
    observed.uplinks = facts.uplinks;
    QVERIFY(dnsConflicts(configuration, intent(false, "mullvad"), observed).at(0).what.contains(u"10.64.0.53"_s));
}

void DesiredDnsTest::fileCarriesOneLinkWithoutTls()
{
    Configuration configuration = everything();
    const auto both = desiredDns(configuration, intent(true, "mullvad"));
    QCOMPARE(shown(carriedDns(both, DnsWay::Resolved)), shown(both));
    QCOMPARE(shown(carriedDns(both, DnsWay::File)), u"sally-exit 10.64.0.1 search=mullvad.example for=."_s);
    QVERIFY(carriedDns(both, DnsWay::None).empty());
    QVERIFY(carriedDns(desiredDns(configuration, intent(true, "")), DnsWay::Openresolv).empty());
    configuration.policy.exitDns = u"1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4"_s;
    QCOMPARE(shown(carriedDns(desiredDns(configuration, intent(false, "mullvad")), DnsWay::File)),
        u"sally-exit 1.1.1.1,1.1.1.2,1.1.1.3 search= for=."_s);
    configuration.policy.exitDns = u"tls://dns.quad9.net@9.9.9.9"_s;
    QVERIFY(carriedDns(desiredDns(configuration, intent(false, "mullvad")), DnsWay::File).empty());
}

void DesiredDnsTest::plannerWritesWhatDiffersAndNothingElse()
{
    DesiredState desired;
    desired.dns = desiredDns(everything(), intent(false, "mullvad"));
    ObservedState observed;
    QVERIFY(plan(desired, observed).comfort.empty());
    observed.dnsWay = DnsWay::File;
    const std::vector<Operation> expected = {WriteDns{carriedDns(desired.dns, DnsWay::File)}};
    QVERIFY(plan(desired, observed).comfort == expected);
    observed.dns = desired.dns;
    QVERIFY(plan(desired, observed).comfort.empty());
    observed.dns.front().servers.front().address = address("192.168.1.1");
    QVERIFY(plan(desired, observed).comfort == expected);
    desired.dns.clear();
    QVERIFY(plan(desired, observed).comfort == std::vector<Operation>{WriteDns{}});
}

void DesiredDnsTest::sentenceTellsWhoIsAsked_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<QByteArray>("exit");
    QTest::addColumn<bool>("set");
    QTest::addColumn<QString>("words");
    QTest::newRow("off") << u"provider"_s << QByteArray() << false << QString();
    QTest::newRow("set") << u"provider"_s << QByteArray("mullvad") << true << u" Names are asked of 10.64.0.1."_s;
    QTest::newRow("TLS") << u"tls://dns.quad9.net@9.9.9.9"_s << QByteArray("mullvad") << true
                         << u" Names are asked of 9.9.9.9 with TLS."_s;
    QTest::newRow("not set")
        << u"provider"_s << QByteArray("mullvad") << false
        << u" Names cannot be looked up: the system's resolver is not set to 10.64.0.1, and this network's is blocked."_s;
    QTest::newRow("network") << u"network"_s << QByteArray("mullvad") << true
                             << u" Names are asked of this network's resolver, as wanted."_s;
    QTest::newRow("nobody")
        << u"provider"_s << QByteArray("silent") << true
        << u" Names: the exit has no resolver of its own, and this network's is blocked; set policy.exitDns."_s;
}

void DesiredDnsTest::sentenceTellsWhoIsAsked()
{
    QFETCH(QString, policy);
    QFETCH(QByteArray, exit);
    QFETCH(bool, set);
    Configuration configuration = everything();
    configuration.policy.exitDns = policy;
    const Intent wanted = intent(false, exit.constData());
    ObservedState observed;
    observed.dnsWay = DnsWay::Resolved;
    if (set)
        observed.dns = desiredDns(configuration, wanted);
    QTEST(dnsSentence(configuration, wanted, observed), "words");
}

void DesiredDnsTest::whatCannotBeHadIsAConflict()
{
    Configuration configuration = everything();
    ObservedState observed;
    observed.dnsWay = DnsWay::Resolved;
    QVERIFY(dnsConflicts(configuration, intent(true, "mullvad"), observed).empty());
    observed.dnsRivals = {u"tailscale0"_s};
    QCOMPARE(dnsConflicts(configuration, intent(true, "mullvad"), observed).at(0).who, u"tailscale0"_s);
    observed = {};
    observed.dnsWay = DnsWay::File;
    QVERIFY(dnsConflicts(configuration, intent(true, ""), observed).at(0).what.contains(u"wgnet"_s));
    configuration.policy.exitDns = u"tls://dns.quad9.net@9.9.9.9"_s;
    QVERIFY(dnsConflicts(configuration, intent(false, "mullvad"), observed).at(0).what.contains(u"systemd-resolved"_s));
    configuration.policy.exitDns = u"home"_s;
    QVERIFY(dnsConflicts(configuration, intent(false, "mullvad"), observed).at(0).what.contains(u"Home is off"_s));
}

QTEST_GUILESS_MAIN(DesiredDnsTest)
#include "desired_dns_test.moc"
