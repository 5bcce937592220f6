// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/ivpn_answers.h"
#include "core/provider/mullvad_relays.h"
#include "tests/unit/provider/provider_shapes.h"

#include <QCryptographicHash>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray changed(QByteArray text, const QByteArray &from, const QByteArray &to)
{
    const qsizetype at = text.indexOf(from);
    return at < 0 ? QByteArray() : text.replace(at, from.size(), to);
}

} // namespace

class ProviderRelaysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mullvadsOwnListIsRead();
    void mullvadsFlatListHasMultihopPorts();
    void ivpnsServersAreRead();
    void multihopPortsAreTakenOverForTheSameKeyOnly();
    void wrongListIsRefusedWithItsPlace_data();
    void wrongListIsRefusedWithItsPlace();
    void hugeListsAreRefused();
    void announcementNamesTheList();
    void wrongAnnouncementIsRefused_data();
    void wrongAnnouncementIsRefused();
    void relaysAreFoundByPlace();
};

void ProviderRelaysTest::mullvadsOwnListIsRead()
{
    const auto list = readMullvadRelays(mullvadRelays());
    QVERIFY2(list, qPrintable(list.error().place + list.error().detail));
    QCOMPARE(list->relays.size(), 2U);
    const Relay &relay = list->relays.front();
    QCOMPARE(relay.hostname, u"se-sto-wg-001"_s);
    QCOMPARE(relay.country, u"Sweden"_s);
    QCOMPARE(relay.city, u"Stockholm"_s);
    QCOMPARE(relay.countryCode, u"se"_s);
    QVERIFY(relay.isOwned);
    QCOMPARE(relay.address.toString(), u"185.195.233.76"_s);
    QCOMPARE(relay.address6->toString(), u"2a03:1b20:4:f011::a01f"_s);
    QCOMPARE(relay.publicKey.toBase64().toLatin1(), kKeyOne);
    QVERIFY(takesPort(*list, 53) && takesPort(*list, 4000) && takesPort(*list, 33433));
    QVERIFY(!takesPort(*list, 54) && !takesPort(*list, 33434));
    QCOMPARE(defaultPort(*list), 51820);
    QCOMPARE(list->resolvers.size(), 2U);
}

void ProviderRelaysTest::mullvadsFlatListHasMultihopPorts()
{
    const auto list = readMullvadFlatRelays(mullvadFlatRelays());
    QVERIFY2(list, qPrintable(list.error().place + list.error().detail));
    QCOMPARE(list->relays.size(), 2U); // the bridge is none of ours
    QCOMPARE(list->relays.front().multihopPort, 3151);
    QCOMPARE(list->relays.back().city, u"Oslo"_s);
    QVERIFY(!list->relays.back().address6);
    QCOMPARE(defaultPort(*list), 51820);
}

void ProviderRelaysTest::ivpnsServersAreRead()
{
    const auto list = readIvpnServers(ivpnServers());
    QVERIFY2(list, qPrintable(list.error().place + list.error().detail));
    QCOMPARE(list->relays.size(), 1U);
    const Relay &relay = list->relays.front();
    QCOMPARE(relay.hostname, u"se1.wg.ivpn.net"_s);
    QCOMPARE(relay.countryCode, u"se"_s);
    QCOMPARE(relay.resolver->toString(), u"172.16.0.1"_s);
    QCOMPARE(relay.multihopPort, 20501);
    QCOMPARE(list->blockingResolver->toString(), u"10.0.254.2"_s);
    QCOMPARE(list->hardcoreResolver->toString(), u"10.0.254.3"_s);
    QVERIFY(takesPort(*list, 2049) && takesPort(*list, 20000) && takesPort(*list, 29999));
    QVERIFY(!takesPort(*list, 80)); // TCP
    QCOMPARE(defaultPort(*list), 2049);
}

void ProviderRelaysTest::multihopPortsAreTakenOverForTheSameKeyOnly()
{
    const auto list = readMullvadRelays(mullvadRelays());
    auto flat = readMullvadFlatRelays(mullvadFlatRelays());
    QVERIFY(list && flat);
    flat->relays.back().publicKey = flat->relays.front().publicKey;
    const RelayList merged = withMultihopPorts(*list, *flat);
    QCOMPARE(merged.relays.front().multihopPort, 3151);
    QCOMPARE(merged.relays.back().multihopPort, 0);
}

void ProviderRelaysTest::wrongListIsRefusedWithItsPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("place");
    const auto row = [](const char *name, const QByteArray &from, const QByteArray &to, const QString &place) {
        QTest::newRow(name) << changed(mullvadRelays(), from, to) << place;
    };
    QTest::newRow("nothing") << QByteArray("{}") << u"wireguard"_s;
    QTest::newRow("no JSON") << QByteArray("<html>") << u"1:2"_s;
    QTest::newRow("a list") << QByteArray("[]") << u"1:1"_s;
    QTest::newRow("cut off") << mullvadRelays().left(300) << u"3:100"_s;
    row("no key", kKeyOne, "AAAA", u"wireguard.relays[0].public_key"_s);
    row("no address", "185.195.233.76", "185.195.233", u"wireguard.relays[0].ipv4_addr_in"_s);
    row("our own address", "185.195.233.76", "127.0.0.1", u"wireguard.relays[0].ipv4_addr_in"_s);
    row("another family", "185.195.233.76", "::1", u"wireguard.relays[0].ipv4_addr_in"_s);
    row("no place", R"("location": "no-osl")", R"("location": "no-where")", u"wireguard.relays[1].location"_s);
    row("a path", "se-sto-wg-001", "../../etc/passwd", u"wireguard.relays[0].hostname"_s);
    row("no name", "se-sto-wg-001", "", u"wireguard.relays[0].hostname"_s);
    row("control characters", "31173", R"(3\u0007)", u"wireguard.relays[0].provider"_s);
    row("ports the wrong way round", "[4000, 33433]", "[33433, 4000]", u"wireguard.port_ranges"_s);
    row("port 0", "[53, 53]", "[0, 53]", u"wireguard.port_ranges"_s);
    row("port 65536", "[53, 53]", "[53, 65536]", u"wireguard.port_ranges"_s);
    row("a name twice", "no-osl-wg-003", "se-sto-wg-001", u"se-sto-wg-001"_s);
    row("a text for true", R"("active": true)", R"("active": "yes")", u"wireguard.relays[0].active"_s);
}

void ProviderRelaysTest::wrongListIsRefusedWithItsPlace()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, place);
    const auto list = readMullvadRelays(text);
    QVERIFY(!list);
    QCOMPARE(list.error().place, place);
    QVERIFY(!list.error().detail.isEmpty());
}

void ProviderRelaysTest::hugeListsAreRefused()
{
    QByteArray many = "[";
    for (int number = 0; number <= kMaximumRelays; ++number)
        many += R"({"type":"wireguard"},)";
    many.back() = ']';
    QCOMPARE(readMullvadFlatRelays(many).error().code, Errc::LimitExceeded);
    QCOMPARE(readMullvadFlatRelays(QByteArray(17 << 20, ' ')).error().code, Errc::LimitExceeded);
    QCOMPARE(readMullvadFlatRelays(QByteArray(40, '[')).error().code, Errc::LimitExceeded);
    QVERIFY(!readMullvadFlatRelays("[]")); // nothing to choose from
}

void ProviderRelaysTest::announcementNamesTheList()
{
    const QByteArray digest = QCryptographicHash::hash(mullvadRelays(), QCryptographicHash::Sha256).toHex();
    const auto announced = readRelayTimestamp(
        R"({"digest": ")" + digest + R"(", "timestamp": "2026-11-30T00:00:00Z"})" + "\n\nversion=2\nlog=00\n");
    QVERIFY(announced);
    QVERIFY(hasDigest(mullvadRelays(), announced->digest));
    QVERIFY(!hasDigest(mullvadRelays() + ' ', announced->digest));
}

void ProviderRelaysTest::wrongAnnouncementIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no signature") << QByteArray(R"({"digest": ")" + QByteArray(64, 'a') + R"("})");
    QTest::newRow("short digest") << QByteArray(R"({"digest": "abcd"})"
                                                "\n\nsig");
    QTest::newRow("a path as digest") << QByteArray(
        R"({"digest": "../../)" + QByteArray(58, 'a') + R"("})" + "\n\nsig");
    QTest::newRow("no digest") << QByteArray("{}\n\nsig");
    QTest::newRow("too large") << QByteArray(70'000, ' ');
}

void ProviderRelaysTest::wrongAnnouncementIsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readRelayTimestamp(text));
}

void ProviderRelaysTest::relaysAreFoundByPlace()
{
    auto list = readMullvadRelays(mullvadRelays());
    QVERIFY(list);
    auto countries = relaysByPlace(*list, {});
    QCOMPARE(countries.size(), 2U);
    QCOMPARE(countries.front().name, u"Norway"_s);
    QCOMPARE(
        relaysByPlace(*list, u" sweden  STOCK "_s).front().cities.front().relays.front().hostname, u"se-sto-wg-001"_s);
    QVERIFY(relaysByPlace(*list, u"sweden oslo"_s).empty());
    list->relays.front().isActive = false;
    QVERIFY(relaysByPlace(*list, u"sweden"_s).empty());
}

QTEST_GUILESS_MAIN(ProviderRelaysTest)
#include "provider_relays_test.moc"
