// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/changes.h"
#include "app/exchange/endpoint_names.h"
#include "tests/support/sample_configuration.h"

#include <QElapsedTimer>
#include <QTest>

#include <functional>

using namespace sallyport;
using namespace sallyport::cli;
using namespace Qt::StringLiterals;

namespace {

using Change = std::function<void(Configuration &)>;

struct Case {
    QString line;
    Change change;
};

Device &device(Configuration &configuration)
{
    return configuration.home->devices.back();
}

ProviderExit &provider(Configuration &configuration)
{
    return std::get<ProviderExit>(configuration.exits.front().way);
}

QString deviceLine(const QString &what)
{
    return u"home: device %1: %2 changed"_s.arg(sample::configuration().home->devices.back().name, what);
}

QString exitLine(const QString &what)
{
    return u"exit %1: %2 changed"_s.arg(sample::configuration().exits.front().name, what);
}

const std::vector<Case> &deviceCases()
{
    static const std::vector<Case> cases = {
        {deviceLine(u"aliases"_s), [](Configuration &c) { device(c).aliases += u"other"_s; }},
        {deviceLine(u"addresses"_s), [](Configuration &c) { device(c).addresses.clear(); }},
        {deviceLine(u"public key"_s), [](Configuration &c) { device(c).publicKey = sample::key(u"new"_s); }},
        {deviceLine(u"endpoints"_s),
            [](Configuration &c) {
                device(c).endpoints.push_back({{u"a.example"_s, 1}, EndpointScope::Any, {}});
            }},
        {deviceLine(u"addresses behind names"_s),
            [](Configuration &c) { device(c).endpoints.front().resolved.push_back(IpAddress::any(Family::IPv6)); }},
        {deviceLine(u"routes"_s),
            [](Configuration &c) { device(c).routes.push_back(Prefix::everything(Family::IPv4)); }},
        {deviceLine(u"offered exit"_s), [](Configuration &c) { device(c).offersExit = !device(c).offersExit; }},
        {deviceLine(u"keepalive"_s), [](Configuration &c) { device(c).persistentKeepalive = 77; }},
        {deviceLine(u"preshared key"_s), [](Configuration &c) { device(c).presharedKeyFile = u"/other"_s; }},
    };
    return cases;
}

const std::vector<Case> &exitCases()
{
    static const std::vector<Case> cases = {
        {exitLine(u"provider"_s), [](Configuration &c) { provider(c).provider = u"other"_s; }},
        {exitLine(u"addresses"_s), [](Configuration &c) { provider(c).addresses.clear(); }},
        {exitLine(u"private key file"_s), [](Configuration &c) { provider(c).privateKeyFile = u"/other"_s; }},
        {exitLine(u"public key"_s), [](Configuration &c) { provider(c).peer.publicKey = sample::key(u"new"_s); }},
        {exitLine(u"endpoint"_s), [](Configuration &c) { provider(c).peer.endpoint.port = 1; }},
        {exitLine(u"addresses behind the name"_s),
            [](Configuration &c) { provider(c).peer.resolved.push_back(IpAddress::any(Family::IPv6)); }},
        {exitLine(u"allowed addresses"_s),
            [](Configuration &c) { provider(c).peer.allowedIps = {Prefix::everything(Family::IPv4)}; }},
        {exitLine(u"keepalive"_s), [](Configuration &c) { provider(c).peer.persistentKeepalive = 77; }},
        {exitLine(u"preshared key"_s), [](Configuration &c) { provider(c).peer.presharedKeyFile = u"/other"_s; }},
        {exitLine(u"dns"_s), [](Configuration &c) { provider(c).dns.clear(); }},
        {exitLine(u"search domains"_s), [](Configuration &c) { provider(c).searchDomains += u"x"_s; }},
        {exitLine(u"listen port"_s), [](Configuration &c) { provider(c).listenPort = 77; }},
        {exitLine(u"mtu"_s), [](Configuration &c) { provider(c).mtu = 1300; }},
    };
    return cases;
}

const std::vector<Case> &otherCases()
{
    static const std::vector<Case> cases = {
        {u"home: name changed"_s, [](Configuration &c) { c.home->name = u"other"_s; }},
        {u"home: device changed"_s, [](Configuration &c) { c.home->device = u"other"_s; }},
        {u"home: addresses changed"_s, [](Configuration &c) { c.home->addresses.clear(); }},
        {u"home: listen port changed"_s, [](Configuration &c) { c.home->listenPort = 1; }},
        {u"home: domain changed"_s, [](Configuration &c) { c.home->domain = u"other"_s; }},
        {u"home: private key file changed"_s, [](Configuration &c) { c.home->privateKeyFile = u"/other"_s; }},
        {u"home: dns changed"_s, [](Configuration &c) { c.home->dns.push_back(IpAddress::any(Family::IPv4)); }},
        {u"home: mtu changed"_s, [](Configuration &c) { c.home->mtu = 1300; }},
        {u"home: device x added"_s,
            [](Configuration &c) {
                Device added;
                added.name = u"x"_s;
                c.home->devices.insert(c.home->devices.begin(), added);
            }},
        {u"home: device %1 removed"_s.arg(sample::configuration().home->devices.back().name),
            [](Configuration &c) { c.home->devices.pop_back(); }},
        {u"home: devices: order changed"_s,
            [](Configuration &c) { std::swap(c.home->devices.front(), c.home->devices.back()); }},
        {u"home removed"_s, [](Configuration &c) { c.home.reset(); }},
        {u"exit x added"_s,
            [](Configuration &c) {
                c.exits.push_back(Exit{u"x"_s, DeviceExit{u"nas"_s}});
            }},
        {u"exit %1 removed"_s.arg(sample::configuration().exits.front().name),
            [](Configuration &c) { c.exits.erase(c.exits.begin()); }},
        {u"exit %1: now leads through device nas"_s.arg(sample::configuration().exits.front().name),
            [](Configuration &c) { c.exits.front().way = DeviceExit{u"nas"_s}; }},
        {u"exits: order changed"_s, [](Configuration &c) { std::swap(c.exits.front(), c.exits.back()); }},
        {u"policy: allowLan changed"_s, [](Configuration &c) { c.policy.allowLan = !c.policy.allowLan; }},
        {u"policy: exitDns changed"_s, [](Configuration &c) { c.policy.exitDns = u"system"_s; }},
        {u"gateway: serves now"_s, [](Configuration &c) { c.gateway.serve = true; }},
    };
    return cases;
}

/// A configuration whose only device can be reached by these endpoints.
Configuration reachedBy(const std::vector<Candidate> &endpoints)
{
    Configuration configuration;
    Home &home = configuration.home.emplace();
    home.device = u"laptop"_s;
    home.devices.resize(2);
    home.devices[0].name = u"nas"_s;
    home.devices[0].endpoints = endpoints;
    home.devices[1].name = u"laptop"_s;
    home.devices[1].endpoints = {{{u"laptop.example"_s, 1}, EndpointScope::Any, {}}};
    return configuration;
}

IpAddress address(const char *text)
{
    return *IpAddress::parse(QString::fromLatin1(text));
}

} // namespace

class CliChangesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothing_isNoChange() { QCOMPARE(changes(sample::configuration(), sample::configuration()), QStringList()); }
    void eachChange_isToldInOneLine_data();
    void eachChange_isToldInOneLine();
    void theFirstHome_isToldWithItsDevices();
    void severalFields_areOneLine();
    void manyDevices_areComparedQuickly();

    void names_areTakenOnceAndNotFromThisMachine();
    void addresses_areFilledIn();
    void anUnknownName_isANoteWhileThereIsAnotherWay();
    void anUnknownName_keepsWhatWasKnown();
    void theOnlyWay_mustHaveAnAddress();
};

void CliChangesTest::eachChange_isToldInOneLine_data()
{
    QTest::addColumn<int>("group");
    QTest::addColumn<int>("index");
    const std::vector<const std::vector<Case> *> groups = {&deviceCases(), &exitCases(), &otherCases()};
    for (int group = 0; group < 3; ++group) {
        for (int index = 0; index < int(groups[std::size_t(group)]->size()); ++index)
            QTest::newRow(qPrintable((*groups[std::size_t(group)])[std::size_t(index)].line)) << group << index;
    }
}

void CliChangesTest::eachChange_isToldInOneLine()
{
    QFETCH(int, group);
    QFETCH(int, index);
    const std::vector<const std::vector<Case> *> groups = {&deviceCases(), &exitCases(), &otherCases()};
    const Case &each = (*groups[std::size_t(group)])[std::size_t(index)];
    const Configuration before = sample::configuration();
    Configuration after = before;
    each.change(after);
    QVERIFY(!(before == after));
    QCOMPARE(changes(before, after), QStringList{each.line});
    QVERIFY(!changes(after, before).isEmpty());
}

void CliChangesTest::theFirstHome_isToldWithItsDevices()
{
    const QStringList lines = changes({}, sample::configuration());
    QVERIFY(lines.contains(u"home added: wgnet"_s));
    QVERIFY(lines.contains(u"home: device nas added"_s));
    QVERIFY(lines.contains(u"exit %1 added"_s.arg(sample::configuration().exits.front().name)));
}

void CliChangesTest::severalFields_areOneLine()
{
    Configuration after = sample::configuration();
    provider(after).mtu = 1300;
    provider(after).peer.endpoint.port = 1;
    QCOMPARE(changes(sample::configuration(), after), QStringList{exitLine(u"endpoint, mtu"_s)});
}

void CliChangesTest::manyDevices_areComparedQuickly()
{
    Configuration before;
    before.home.emplace().devices.resize(10000);
    for (std::size_t i = 0; i < before.home->devices.size(); ++i)
        before.home->devices[i].name = u"device%1"_s.arg(i);
    Configuration after = before;
    after.home->devices[5000].offersExit = true;
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(changes(before, after), QStringList{u"home: device device5000: offered exit changed"_s});
    QVERIFY2(timer.elapsed() < 2000, "comparing is quadratic");
}

void CliChangesTest::names_areTakenOnceAndNotFromThisMachine()
{
    Configuration configuration
        = reachedBy({{{u"b.example"_s, 1}, EndpointScope::Any, {}}, {{u"10.41.1.4"_s, 1}, EndpointScope::Lan, {}},
            {{u"a.example"_s, 2}, EndpointScope::Any, {}}, {{u"b.example"_s, 3}, EndpointScope::Any, {}}});
    QCOMPARE(hostNamesOf(configuration), (QStringList{u"a.example"_s, u"b.example"_s}));
    ProviderExit way;
    way.peer.endpoint = {u"exit.example"_s, 1};
    configuration.exits.push_back(Exit{u"se"_s, way});
    QCOMPARE(hostNamesOf(configuration).last(), u"exit.example"_s);
}

void CliChangesTest::addresses_areFilledIn()
{
    Configuration configuration = reachedBy({{{u"a.example"_s, 1}, EndpointScope::Any, {address("192.0.2.9")}}});
    const auto notes = fillResolved(configuration, {}, {{u"a.example"_s, {address("192.0.2.1")}}});
    QVERIFY(notes && notes->isEmpty());
    QCOMPARE(configuration.home->devices[0].endpoints[0].resolved, std::vector{address("192.0.2.1")});
    QVERIFY(configuration.home->devices[1].endpoints[0].resolved.empty());
}

void CliChangesTest::anUnknownName_isANoteWhileThereIsAnotherWay()
{
    Configuration configuration
        = reachedBy({{{u"a.example"_s, 1}, EndpointScope::Any, {}}, {{u"10.41.1.4"_s, 1}, EndpointScope::Lan, {}}});
    const auto notes = fillResolved(configuration, {}, {});
    QVERIFY(notes);
    QCOMPARE(notes->size(), 1);
    QVERIFY(notes->first().contains(u"a.example"_s) && notes->first().contains(u"device nas"_s));
}

void CliChangesTest::anUnknownName_keepsWhatWasKnown()
{
    const Configuration present = reachedBy({{{u"a.example"_s, 1}, EndpointScope::Any, {address("192.0.2.1")}}});
    Configuration configuration = reachedBy({{{u"a.example"_s, 1}, EndpointScope::Any, {}}});
    const auto notes = fillResolved(configuration, present, {});
    QVERIFY(notes);
    QCOMPARE(notes->size(), 1);
    QCOMPARE(configuration.home->devices[0].endpoints[0].resolved, std::vector{address("192.0.2.1")});
}

void CliChangesTest::theOnlyWay_mustHaveAnAddress()
{
    Configuration configuration = reachedBy({{{u"a.example"_s, 1}, EndpointScope::Any, {}}});
    const auto notes = fillResolved(configuration, {}, {});
    QVERIFY(!notes);
    QVERIFY(notes.error().detail.contains(u"'a.example', the only endpoint of device nas"_s));
}

QTEST_GUILESS_MAIN(CliChangesTest)
#include "cli_changes_test.moc"
