// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/import.h"
#include "core/provider/exit_choice.h"
#include "core/provider/ivpn_answers.h"
#include "core/provider/mullvad_account.h"
#include "core/provider/mullvad_relays.h"
#include "core/wire/configuration_codec.h"
#include "tests/unit/provider/provider_shapes.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

RelayList relays()
{
    return withMultihopPorts(*readMullvadRelays(mullvadRelays()), *readMullvadFlatRelays(mullvadFlatRelays()));
}

ExitChoice choiceOf(const QString &exit, const QString &entry = {}, quint16 port = 0)
{
    ExitChoice choice;
    choice.exit = exit;
    choice.entry = entry;
    choice.port = port;
    return choice;
}

QStringList dnsOf(const Exit &exit)
{
    QStringList texts;
    for (const IpAddress &server : std::get<ProviderExit>(exit.way).dns)
        texts += server.toString();
    return texts;
}

QString endpointOf(const Exit &exit)
{
    return std::get<ProviderExit>(exit.way).peer.endpoint.toString();
}

} // namespace

class ProviderExitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chosenRelayIsWhatAConfFileGives();
    void multihopGoesInByTheEntryAtTheExitsPort();
    void portIsTheProvidersOrRefused();
    void blockingLevelsAreBitsOfTheResolver();
    void ivpnAsksItsOwnResolvers();
    void everyExitIsOneThatTheHelperTakes();
    void rotatedDeviceChangesItsExitsOnly();
};

void ProviderExitTest::chosenRelayIsWhatAConfFileGives()
{
    const auto device = readMullvadDevice(mullvadDevice());
    const auto exit = exitOf(u"mullvad"_s, *device, relays(), choiceOf(u"se-sto-wg-001"_s));
    QVERIFY(exit);
    const QByteArray conf = "[Interface]\nPrivateKey = " + kKeyTwo
        + "\nAddress = 10.64.3.7/32,fc00:bbbb:bbbb:bb01::3:7/128\nDNS = 10.64.0.1,fc00:bbbb:bbbb:bb01::1\n"
          "[Peer]\nPublicKey = "
        + kKeyOne + "\nAllowedIPs = 0.0.0.0/0,::0/0\nEndpoint = 185.195.233.76:51820\n";
    const auto imported = importAsExit(conf, {u"se-sto-wg-001.conf"_s, {}, {}, {}});
    QVERIFY(imported);
    Exit wanted = std::get<Exit>(imported->part);
    auto &way = std::get<ProviderExit>(wanted.way);
    way.peer.allowedIps.clear(); // which means everything, as the file says
    way.provider = u"mullvad"_s;
    QVERIFY(*exit == wanted);
}

void ProviderExitTest::multihopGoesInByTheEntryAtTheExitsPort()
{
    const auto device = readMullvadDevice(mullvadDevice());
    const auto exit = exitOf(u"mullvad"_s, *device, relays(), choiceOf(u"se-sto-wg-001"_s, u"no-osl-wg-003"_s));
    QVERIFY(exit);
    QCOMPARE(endpointOf(*exit), u"176.125.235.73:3151"_s);
    QCOMPARE(std::get<ProviderExit>(exit->way).peer.publicKey.toBase64().toLatin1(), kKeyOne);
    QCOMPARE(exit->name, u"se-sto-wg-001 via no-osl-wg-003"_s);
    RelayList without = relays();
    without.relays.front().multihopPort = 0;
    QCOMPARE(exitOf(u"mullvad"_s, *device, without, choiceOf(u"se-sto-wg-001"_s, u"no-osl-wg-003"_s)).error().place,
        u"exit"_s);
    QCOMPARE(
        exitOf(u"mullvad"_s, *device, without, choiceOf(u"se-sto-wg-001"_s, u"nowhere"_s)).error().place, u"entry"_s);
}

void ProviderExitTest::portIsTheProvidersOrRefused()
{
    const auto device = readMullvadDevice(mullvadDevice());
    QCOMPARE(endpointOf(*exitOf(u"mullvad"_s, *device, relays(), choiceOf(u"se-sto-wg-001"_s, {}, 53))),
        u"185.195.233.76:53"_s);
    QCOMPARE(exitOf(u"mullvad"_s, *device, relays(), choiceOf(u"se-sto-wg-001"_s, {}, 54)).error().place, u"port"_s);
    ExitChoice six = choiceOf(u"se-sto-wg-001"_s);
    six.useIpv6 = true;
    QCOMPARE(endpointOf(*exitOf(u"mullvad"_s, *device, relays(), six)), u"[2a03:1b20:4:f011::a01f]:51820"_s);
}

void ProviderExitTest::blockingLevelsAreBitsOfTheResolver()
{
    const auto device = readMullvadDevice(mullvadDevice());
    ExitChoice choice = choiceOf(u"se-sto-wg-001"_s);
    choice.blocked = 3; // ads and trackers
    QCOMPARE(dnsOf(*exitOf(u"mullvad"_s, *device, relays(), choice)), QStringList{u"100.64.0.3"_s});
    choice.blocked = kMullvadBlocks;
    QCOMPARE(dnsOf(*exitOf(u"mullvad"_s, *device, relays(), choice)), QStringList{u"100.64.0.63"_s});
    choice.dns = {*IpAddress::parse(u"9.9.9.9")};
    QCOMPARE(dnsOf(*exitOf(u"mullvad"_s, *device, relays(), choice)), QStringList{u"9.9.9.9"_s});
}

void ProviderExitTest::ivpnAsksItsOwnResolvers()
{
    const auto list = readIvpnServers(ivpnServers());
    const auto session = readIvpnSession(ivpnSession(), {});
    QVERIFY(list && session);
    ExitChoice choice = choiceOf(u"se1.wg.ivpn.net"_s);
    const auto exit = exitOf(u"ivpn"_s, *session->device, *list, choice);
    QCOMPARE(exit->name, u"se1"_s);
    QCOMPARE(endpointOf(*exit), u"80.67.10.138:2049"_s);
    QCOMPARE(dnsOf(*exit), QStringList{u"172.16.0.1"_s});
    choice.blocked = static_cast<BlockedSet>(Blocked::Trackers);
    QCOMPARE(dnsOf(*exitOf(u"ivpn"_s, *session->device, *list, choice)), QStringList{u"10.0.254.2"_s});
    choice.blocked |= static_cast<BlockedSet>(Blocked::Hardcore);
    QCOMPARE(dnsOf(*exitOf(u"ivpn"_s, *session->device, *list, choice)), QStringList{u"10.0.254.3"_s});
}

void ProviderExitTest::everyExitIsOneThatTheHelperTakes()
{
    const auto device = readMullvadDevice(mullvadDevice());
    Configuration configuration;
    for (const QString &entry : {QString(), u"no-osl-wg-003"_s})
        configuration
            = withExit(configuration, *exitOf(u"mullvad"_s, *device, relays(), choiceOf(u"se-sto-wg-001"_s, entry)));
    configuration = withExit(configuration, *exitOf(u"mullvad"_s, *device, relays(), choiceOf(u"se-sto-wg-001"_s)));
    QCOMPARE(configuration.exits.size(), 2U); // the same again takes its own place
    const auto decoded = decodeConfiguration(encodeConfiguration(configuration));
    QVERIFY2(decoded, qPrintable(decoded.error().place + decoded.error().detail));
    QVERIFY(decoded->configuration == configuration);
}

void ProviderExitTest::rotatedDeviceChangesItsExitsOnly()
{
    const auto before = readMullvadDevice(mullvadDevice());
    ProviderDevice now = *before;
    now.addresses = {*InterfaceAddress::parse(u"10.64.9.9/32")};
    Configuration configuration = withExit({}, *exitOf(u"mullvad"_s, *before, relays(), choiceOf(u"se-sto-wg-001"_s)));
    Exit other = configuration.exits.front();
    other.name = u"another account"_s;
    std::get<ProviderExit>(other.way).addresses = {*InterfaceAddress::parse(u"10.64.1.1/32")};
    configuration = withExit(configuration, other);
    QCOMPARE(exitsOf(configuration, before->addresses), QStringList{u"se-sto-wg-001"_s});
    Exit mine = configuration.exits.front();
    QCOMPARE(withFreeName(configuration, mine).name, u"se-sto-wg-001"_s); // its own place
    mine.name = u"another account"_s;
    QCOMPARE(withFreeName(configuration, mine).name, u"another account-2"_s);
    const Configuration rotated = withRotatedDevice(configuration, before->addresses, now);
    QCOMPARE(exitsOf(rotated, now.addresses), QStringList{u"se-sto-wg-001"_s});
    QVERIFY(rotated.exits.back() == other);
    QCOMPARE(withoutExits(rotated, {u"se-sto-wg-001"_s}).exits.size(), 1U);
}

QTEST_GUILESS_MAIN(ProviderExitTest)
#include "provider_exit_test.moc"
