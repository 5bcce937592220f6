// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"
#include "core/wire/intent_codec.h"
#include "core/wire/json.h"
#include "core/wire/snapshot_codec.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

QVariantMap sampleMap()
{
    return encodeConfiguration(sample::configuration());
}

/// Sets the value at a path such as `home.devices[1].name`; a null QVariant removes the key.
void set(QVariant &at, QStringView path, const QVariant &value)
{
    if (path.isEmpty()) {
        at = value;
        return;
    }
    if (path.startsWith(u'[')) {
        const qsizetype end = path.indexOf(u']');
        QVariantList list = at.toList();
        const qsizetype index = path.mid(1, end - 1).toLongLong();
        while (list.size() <= index)
            list.append(QVariant());
        set(list[index], path.mid(end + (path.mid(end + 1).startsWith(u'.') ? 2 : 1)), value);
        at = list;
        return;
    }
    const qsizetype end = std::min(path.indexOf(u'.') < 0 ? path.size() : path.indexOf(u'.'),
        path.indexOf(u'[') < 0 ? path.size() : path.indexOf(u'['));
    QVariantMap map = at.toMap();
    const QString key = path.left(end).toString();
    const QStringView rest = path.mid(end + (end < path.size() && path[end] == u'.' ? 1 : 0));
    if (rest.isEmpty() && !value.isValid())
        map.remove(key);
    else
        set(map[key], rest, value);
    at = map;
}

Result<DecodedConfiguration> decodeWith(const QString &path, const QVariant &value)
{
    QVariant map = sampleMap();
    set(map, path, value);
    return decodeConfiguration(map.toMap());
}

} // namespace

class ConfigurationCodecTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsEncodedIsDecodedAgain();
    void throughJsonNothingIsLost();
    void choiceOfAResolverIsKeptAsWritten();
    void wrongValuesAreRefusedWithTheirPlace_data();
    void wrongValuesAreRefusedWithTheirPlace();
    void oneThingTooManyIsRefused();
    void unknownKeysAreIgnoredUnlessRequired();
    void hostBitsAreClearedWithANote();
    void thisMachineMayListItself();
    void jsonErrorsNameLineAndColumn();
    void intentChangesArePartialAndTyped();
    void aWordAboutAPathIsTyped();
    void theIntentKeepsWhatWasSaidOfPaths();
    void snapshotsSurviveTheBus();
};

void ConfigurationCodecTest::whatIsEncodedIsDecodedAgain()
{
    const auto decoded = decodeConfiguration(sampleMap());
    QVERIFY2(decoded, decoded ? "" : qPrintable(decoded.error().place + decoded.error().detail));
    QCOMPARE(decoded->configuration, sample::configuration());
    QVERIFY(decoded->notes.empty());
}

void ConfigurationCodecTest::throughJsonNothingIsLost()
{
    const auto map = readJson(writeJson(sampleMap()));
    QVERIFY(map);
    const auto decoded = decodeConfiguration(*map);
    QVERIFY(decoded);
    QCOMPARE(decoded->configuration, sample::configuration());
}

void ConfigurationCodecTest::choiceOfAResolverIsKeptAsWritten()
{
    for (const QString &choice : {u"network"_s, u"9.9.9.9, 2620:fe::fe"_s, u"tls://a.dns.nextdns.io@45.90.28.0"_s,
             u"45.90.28.0#a.dns.nextdns.io"_s}) {
        const auto decoded = decodeConfiguration({{u"policy"_s, QVariantMap{{u"exitDns"_s, u' ' + choice}}}});
        QVERIFY2(decoded, qPrintable(choice));
        QCOMPARE(decoded->configuration.policy.exitDns, choice);
        const auto again = decodeConfiguration(encodeConfiguration(decoded->configuration));
        QVERIFY(again);
        QCOMPARE(again->configuration, decoded->configuration);
        QVERIFY(again->notes.empty());
    }
}

void ConfigurationCodecTest::wrongValuesAreRefusedWithTheirPlace_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *name, const char *path, const QVariant &value, const char *place = nullptr) {
        QTest::newRow(name) << QString::fromLatin1(path) << value << QString::fromLatin1(place ? place : path);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const QString ownKey = sample::key(u"nas"_s).toBase64();
    row("home is a text", "home", u"x"_s);
    row("devices is a map", "home.devices", QVariantMap());
    row("device is a number", "home.devices[0]", 7);
    row("name with slash", "home.devices[0].name", u"a/b"_s);
    row("name with blank", "home.devices[0].name", u"a b"_s);
    row("name missing", "home.devices[0].name", QVariant());
    row("name with line break", "home.devices[0].name", u"a\nb"_s);
    row("name too long", "home.devices[0].name", QString(64, u'a'));
    row("text of a mebibyte", "home.name", QString(1024 * 1024, u'a'));
    row("key too short", "home.devices[0].publicKey", u"AAAA"_s);
    row("key of 43 characters", "home.devices[0].publicKey", QString(43, u'A'));
    row("key of zeroes", "home.devices[0].publicKey", u"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="_s);
    row("key with stray bits", "home.devices[0].publicKey", u"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="_s);
    row("key twice", "home.devices[0].publicKey", ownKey, "home.devices[3].publicKey");
    row("port 0", "home.listenPort", 0);
    row("port too large", "home.listenPort", 65536);
    row("port NaN", "home.listenPort", nan);
    row("port as text", "home.listenPort", u"53333"_s);
    row("port negative", "home.listenPort", -1);
    row("port with fraction", "home.listenPort", 1.5);
    row("endpoint port 0", "home.devices[0].endpoints[0].address", u"1.2.3.4:0"_s);
    row("endpoint without port", "home.devices[0].endpoints[0].address", u"1.2.3.4"_s);
    row("endpoint of bare v6", "home.devices[0].endpoints[0].address", u"fd00::1:53"_s);
    row("endpoint to nobody", "home.devices[0].endpoints[0].address", u"0.0.0.0:53"_s);
    row("endpoint in the mesh", "home.devices[0].endpoints[0].address", u"10.42.9.9:53"_s);
    row("scope unknown", "home.devices[0].endpoints[0].scope", u"near"_s);
    row("address is a name", "home.addresses[0]", u"nas"_s);
    row("address length 33", "home.addresses[0]", u"10.42.1.2/33"_s);
    row("address with plus", "home.addresses[0]", u"10.42.1.2/+6"_s);
    row("address loopback", "home.addresses[0]", u"127.0.0.1/8"_s);
    row("no address", "home.addresses", QVariantList());
    row("device without address", "home.devices[0].addresses", QVariantList());
    row("own address at another", "home.devices[0].addresses[0]", u"10.42.1.2"_s, "home.devices[0].addresses");
    row("address twice", "home.devices[3].addresses[0]", u"10.42.1.1"_s, "home.devices[3].addresses");
    row("everything as a subnet", "home.devices[0].routes", QVariantList{u"0.0.0.0/0"_s});
    row("half of everything as a subnet", "home.devices[0].routes", QVariantList{u"128.0.0.0/1"_s});
    row("half of everything as an address", "home.devices[0].addresses", QVariantList{u"0.0.0.0/1"_s});
    row("everything as our own network", "home.addresses", QVariantList{u"10.42.1.2/0"_s});
    row("gateway that does not serve yet", "gateway.serve", true);
    row("mtu too small for IPv6", "home.mtu", 1000);
    row("exit mtu too small for IPv6", "exits[0].mtu", 1279);
    row("same subnet twice", "home.devices[0].routes", QVariantList{u"10.41.0.0/16"_s}, "home.devices[3].routes");
    row("alias taken", "home.devices[0].aliases", QVariantList{u"NAS"_s}, "home.devices[3].name");
    row("exit without peer", "exits[0].peer", QVariant());
    row("exit name with slash", "exits[0].name", u"a/b"_s);
    row("exit twice", "exits[1].name", u"se"_s);
    row("exit through itself", "exits[2].device", u"laptop"_s);
    row("allowLan as number", "policy.allowLan", 1);
    row("mtu too small", "home.mtu", 100);
}

void ConfigurationCodecTest::wrongValuesAreRefusedWithTheirPlace()
{
    QFETCH(QString, path);
    QFETCH(QVariant, value);
    QFETCH(QString, place);
    const auto decoded = decodeWith(path, value);
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().place, place);
    QVERIFY(decoded.error().detail.endsWith(u'.') || decoded.error().detail.endsWith(u')'));
}

void ConfigurationCodecTest::oneThingTooManyIsRefused()
{
    QVariantList devices;
    for (int i = 0; i <= 10000; ++i)
        devices += QVariantMap{{u"name"_s, u"d%1"_s.arg(i)}};
    const auto decoded = decodeWith(u"home.devices"_s, devices);
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().code, Errc::LimitExceeded);
    QCOMPARE(decoded.error().place, u"home.devices"_s);
}

void ConfigurationCodecTest::unknownKeysAreIgnoredUnlessRequired()
{
    QVERIFY(decodeWith(u"home.colour"_s, u"blue"_s));
    const auto required = decodeWith(u"requires"_s, QVariantList{u"home"_s, u"timeTravel"_s});
    QVERIFY(!required);
    QCOMPARE(required.error().code, Errc::UnsupportedRequirement);
    QCOMPARE(required.error().place, u"requires[1]"_s);
}

void ConfigurationCodecTest::hostBitsAreClearedWithANote()
{
    const auto decoded = decodeWith(u"home.devices[3].routes[0]"_s, u"10.41.3.9/16"_s);
    QVERIFY(decoded);
    QCOMPARE(decoded->configuration, sample::configuration());
    QCOMPARE(decoded->notes.size(), std::size_t(1));
    QCOMPARE(decoded->notes[0].place, u"home.devices[3].routes[0]"_s);
}

void ConfigurationCodecTest::thisMachineMayListItself()
{
    const Configuration configuration = sample::configuration();
    QCOMPARE(configuration.home->devices.size(), std::size_t(4));
    QCOMPARE(peersOf(*configuration.home).size(), std::size_t(3));
}

void ConfigurationCodecTest::jsonErrorsNameLineAndColumn()
{
    QCOMPARE(readJson("{\n  \"home\": {\n    \"a\" 1\n}}").error().place, u"3:10"_s);
    QCOMPARE(readJson("[]").error().place, u"1:1"_s);
    QVERIFY(!readJson(""));
    QVERIFY(!readJson("{\"a\": 1} x"));
    QCOMPARE(readJson(QByteArray("{\"a\":") + QByteArray(40, '[') + QByteArray(40, ']') + '}').error().code,
        Errc::LimitExceeded);
    QCOMPARE(readJson(QByteArray(kMaximumJsonSize + 1, ' ')).error().code, Errc::LimitExceeded);
    QVERIFY(readJson("{\"brackets in texts\": \"" + QByteArray(100, '[') + "\\\"[\"}"));
}

void ConfigurationCodecTest::intentChangesArePartialAndTyped()
{
    const auto change = decodeIntentChange({{u"home"_s, true}, {u"other"_s, 7}});
    QVERIFY(change);
    QCOMPARE(change->home, std::optional(true));
    QVERIFY(!change->exit);
    QCOMPARE(decodeIntentChange({{u"home"_s, u"yes"_s}}).error().place, u"home"_s);
    QCOMPARE(decodeIntentChange({{u"home"_s, 1}}).error().place, u"home"_s);
    QCOMPARE(decodeIntentChange({{u"exitName"_s, u"a/b"_s}}).error().place, u"exitName"_s);
    QVERIFY(!decodeIntentChange({{u"pauseSeconds"_s, std::nan("")}}));
    QVERIFY(!decodeIntentChange({{u"requires"_s, QVariantList{u"what"_s}}}));
}

void ConfigurationCodecTest::aWordAboutAPathIsTyped()
{
    const QVariantMap good{{u"device"_s, u"nas"_s}, {u"address"_s, u"10.41.1.4:53333"_s}, {u"use"_s, u"pin"_s}};
    const auto with = [&](const QString &key, const QVariant &value) {
        QVariantMap map = good;
        map.insert(key, value);
        return decodeIntentChange({{u"path"_s, map}});
    };
    const auto change = with(u"later"_s, 1);
    QVERIFY(change && change->path);
    QCOMPARE(*change->path, (PathPreference{u"nas"_s, *HostEndpoint::parse(u"10.41.1.4:53333"), Preference::Pin}));
    const auto again = decodeIntentChange(encodeIntentChange(*change));
    QVERIFY(again);
    QCOMPARE(*again, *change);
    QCOMPARE(encodeIntentChange(*change).value(u"requires"_s).toStringList(), QStringList{u"path"_s});
    QCOMPARE(with(u"use"_s, u"pinned"_s).error().place, u"path.use"_s);
    QCOMPARE(with(u"use"_s, QVariant(1)).error().place, u"path.use"_s);
    QCOMPARE(with(u"address"_s, u"10.41.1.4"_s).error().place, u"path.address"_s);
    QCOMPARE(with(u"address"_s, u"10.41.1.4:0"_s).error().code, Errc::InvalidArgument);
    QCOMPARE(with(u"device"_s, QString()).error().place, u"path.device"_s);
    QCOMPARE(decodeIntentChange({{u"path"_s, u"nas"_s}}).error().place, u"path"_s);
    QCOMPARE(decodeIntentChange({{u"path"_s, QVariantMap()}}).error().place, u"path.device"_s);
}

void ConfigurationCodecTest::theIntentKeepsWhatWasSaidOfPaths()
{
    Intent intent{true, false, {}, true};
    intent.paths = {{u"nas"_s, *HostEndpoint::parse(u"10.41.1.4:53333"), Preference::Pin},
        {u"vps"_s, *HostEndpoint::parse(u"vps.example.net:1"), Preference::Forbid}};
    const auto again = decodeIntent(encodeIntent(intent));
    QVERIFY(again);
    QCOMPARE(*again, intent);
    const auto old = decodeIntent({{u"home"_s, true}, {u"lockdown"_s, true}});
    QVERIFY(old && old->home && old->lockdown && old->paths.empty());
    // A later version may know more words; going back to this one must not switch anything off.
    QVariantMap later = encodeIntent(intent);
    QVariantList paths = later.value(u"paths"_s).toList();
    QVariantMap odd = paths[0].toMap();
    odd.insert(u"use"_s, u"weekdays"_s);
    later.insert(u"paths"_s, QVariantList{odd, 7, paths[1]});
    const auto read = decodeIntent(later);
    QVERIFY(read && read->home && read->lockdown);
    QCOMPARE(read->paths.size(), 1U);
    QCOMPARE(read->paths[0], intent.paths[1]);
}

void ConfigurationCodecTest::snapshotsSurviveTheBus()
{
    Snapshot snapshot;
    snapshot.revision = 7;
    snapshot.helperVersion = u"0.1.0"_s;
    snapshot.home = {true, true, Phase::Up, u"wgnet"_s, u"laptop"_s, u"sally-home"_s, Backend::Userspace,
        sample::key(u"laptop"_s), {}};
    snapshot.home.peers = {{u"nas"_s, sample::key(u"nas"_s), {u"10.42.1.4"_s}, PeerPhase::Stale, u"10.41.1.4:53333"_s,
        Via::Lan, {std::chrono::seconds(3), 17, 1ULL << 40}, true,
        {{u"nas.example.org:1"_s, u"dns"_s, u"in-use"_s, Preference::Prefer}}}};
    snapshot.exit = {true, Phase::Starting, u"se"_s, u"mullvad"_s, u"sally-exit"_s, Backend::Kernel,
        u"198.51.100.7:51820"_s, {Family::IPv4, Family::IPv6}, {}, {u"se"_s, u"nas"_s}};
    snapshot.guard = {GuardState::Connecting, u"Waiting."_s};
    snapshot.conflicts = {{u"tailscale"_s, u"exit node"_s, u"switch one off"_s}};
    snapshot.found = {{u"15 routes"_s}, {u"interface tailscale0"_s}};
    snapshot.lastError = Error{Errc::KernelRefused, u"no"_s, u"add rule"_s};
    QCOMPARE(decodeSnapshot(encodeSnapshot(snapshot)), snapshot);
    const auto json = readJson(writeJson(encodeSnapshot(snapshot)));
    QVERIFY(json);
    QCOMPARE(decodeSnapshot(*json), snapshot);
}

QTEST_GUILESS_MAIN(ConfigurationCodecTest)
#include "configuration_codec_test.moc"
