// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/import.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kPublic = "2jRZyiO6ELFrIMjlM0lVdGYv/cxAhWZEPgBo/YrFVC0=";
const QByteArray kOtherPublic = "b/JwEDlmV8ybzm7ZyVlMTCcmULOGXx1IMnKVHo/LyUw=";

std::span<const char> view(const QByteArray &text)
{
    return {text.constData(), static_cast<std::size_t>(text.size())};
}

QByteArray contents(const QString &name)
{
    QFile file(QStringLiteral(TEST_DATA "/conf/") + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot open %s", qUtf8Printable(file.fileName()));
    return file.readAll();
}

Result<Imported> importFile(const QString &name, ImportKind kind = ImportKind::Guess)
{
    return importConf(view(contents(name)), kind, ImportOptions{name, {}, u"Laptop"_s, {}});
}

const ProviderExit &way(const Imported &imported)
{
    return std::get<ProviderExit>(std::get<Exit>(imported.part).way);
}

QStringList names(const Home &home)
{
    QStringList list;
    for (const Device &device : home.devices)
        list += device.name;
    return list;
}

LineReport reportAt(const Imported &imported, int line)
{
    const auto found = std::ranges::find(imported.reports, line, &LineReport::line);
    return found == imported.reports.end() ? LineReport{} : *found;
}

} // namespace

class ProfileImportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mullvadFile_isAnExitOfMullvad()
    {
        const auto imported = importFile(u"se-sto-wg-001.conf"_s);
        QVERIFY(imported);
        QCOMPARE(std::get<Exit>(imported->part).name, u"se-sto-wg-001"_s);
        QCOMPARE(way(*imported).provider, u"mullvad"_s);
        QCOMPARE(way(*imported).addresses.size(), std::size_t(2));
        QCOMPARE(way(*imported).dns.front().toString(), u"10.64.0.1"_s);
        QCOMPARE(way(*imported).peer.allowedIps.size(), std::size_t(2));
        QCOMPARE(way(*imported).peer.endpoint.toString(), u"198.51.100.7:51820"_s);
        QCOMPARE(imported->secrets.size(), std::size_t(1));
        QVERIFY(imported->secrets.contains(exitSecretName(u"se-sto-wg-001"_s)));
    }

    void protonFile_isAnExitOfUnknownProvider()
    {
        const auto imported = importFile(u"proton-NL-14.conf"_s);
        QVERIFY(imported);
        QCOMPARE(std::get<Exit>(imported->part).name, u"proton-NL-14"_s);
        QCOMPARE(way(*imported).provider, QString());
    }

    void ivpnFile_isKnownByItsHost()
    {
        const auto imported = importFile(u"ivpn-Germany-Frankfurt-de1.conf"_s);
        QVERIFY(imported);
        QCOMPARE(way(*imported).provider, u"ivpn"_s);
        QCOMPARE(way(*imported).peer.endpoint.host, u"de1.wg.ivpn.net"_s);
        QCOMPARE(way(*imported).peer.persistentKeepalive, quint16(25));
    }

    void exitWithoutKeepalive_isToldThatItGetsOne()
    {
        const auto line = [](const Imported &imported, const QString &key) {
            return *std::ranges::find(imported.reports, key, &LineReport::key);
        };
        const auto without = importFile(u"se-sto-wg-001.conf"_s);
        QVERIFY(without);
        QCOMPARE(way(*without).peer.persistentKeepalive, quint16(25));
        QCOMPARE(line(*without, u"[Peer]"_s).verdict, Verdict::Changed);
        QVERIFY(line(*without, u"[Peer]"_s).sentence.contains(u"25 seconds"_s));

        const auto withKeepalive = [](const QByteArray &seconds) {
            const QByteArray text = "[Interface]\nPrivateKey = " + kPublic
                + "\nAddress = 10.0.0.2/32\n[Peer]\nPublicKey = " + kPublic
                + "\nAllowedIPs = 0.0.0.0/0\nEndpoint = 192.0.2.1:5\nPersistentKeepalive = " + seconds + "\n";
            return importConf(view(text), ImportKind::Exit, {});
        };
        const auto off = withKeepalive("off");
        QVERIFY(off);
        QCOMPARE(line(*off, u"[Peer]"_s).verdict, Verdict::Used);
        QCOMPARE(line(*off, u"PersistentKeepalive"_s).verdict, Verdict::Changed);
        const auto own = withKeepalive("17");
        QVERIFY(own);
        QCOMPARE(way(*own).peer.persistentKeepalive, quint16(17));
        QCOMPARE(line(*own, u"PersistentKeepalive"_s).verdict, Verdict::Used);
        QVERIFY(line(*own, u"PersistentKeepalive"_s).sentence.isEmpty());
    }

    void routerFile_withEverything_isAnExitWithPresharedKey()
    {
        const auto imported = importFile(u"router.conf"_s);
        QVERIFY(imported);
        QCOMPARE(way(*imported).searchDomains, QStringList{u"fritz.box"_s});
        QVERIFY(way(*imported).peer.hasPresharedKey);
        QVERIFY(imported->secrets.contains(exitPskName(u"router"_s)));
    }

    void routerFile_asHome_offersAnExit()
    {
        const auto imported = importFile(u"router.conf"_s, ImportKind::Home);
        QVERIFY(imported);
        const auto &home = std::get<Home>(imported->part);
        QCOMPARE(home.name, u"router"_s);
        QCOMPARE(home.device, u"laptop"_s);
        QCOMPARE(home.domain, u"fritz.box"_s);
        QCOMPARE(names(home), QStringList{u"home-router"_s});
        QVERIFY(home.devices.front().offersExit);
        QCOMPARE(home.devices.front().routes, std::vector{*Prefix::parse(u"192.168.77.0/24")});
        QCOMPARE(reportAt(*imported, 9).verdict, Verdict::Changed);
        QVERIFY(imported->secrets.contains(devicePskName(u"home-router"_s)));
    }

    void networkManagerFile_isAHome()
    {
        const auto imported = importFile(u"networkmanager.conf"_s);
        QVERIFY(imported);
        const auto &home = std::get<Home>(imported->part);
        QCOMPARE(home.mtu, quint16(1384));
        QCOMPARE(home.listenPort, quint16(51821));
        QCOMPARE(home.addresses.size(), std::size_t(2));
        QCOMPARE(home.domain, u"corp.example.org"_s);
        QVERIFY(home.devices.front().name.startsWith(u"peer-"));
        QCOMPARE(home.devices.front().routes.size(), std::size_t(2));
        QCOMPARE(reportAt(*imported, 9).verdict, Verdict::Ignored);
        QCOMPARE(reportAt(*imported, 10).verdict, Verdict::Ignored);
    }

    void originFile_givesTheNetworkOfTheOrigin()
    {
        const auto imported = importFile(u"wgnet.conf"_s);
        QVERIFY(imported);
        const auto &home = std::get<Home>(imported->part);
        QCOMPARE(names(home), (QStringList{u"desktop"_s, u"laptop"_s, u"vps"_s, u"nas"_s}));
        QCOMPARE(home.device, u"laptop"_s);
        QCOMPARE(peersOf(home).size(), std::size_t(3));
        QCOMPARE(home.addresses.front().toString(), u"10.42.1.2/16"_s);
        QCOMPARE(home.devices[3].endpoints.front().endpoint.toString(), u"123.45.67.89:54445"_s);
        QCOMPARE(home.devices[3].addresses.front().toString(), u"10.42.1.4"_s);
        QVERIFY(imported->secrets.contains(homeSecretName()));
    }

    void examplesOfTheManuals_areTaken_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("isExit");
        QTest::newRow("wg") << u"man-wg.conf"_s << false;
        QTest::newRow("gateway") << u"man-gateway.conf"_s << true;
        QTest::newRow("server") << u"man-server.conf"_s << false;
        QTest::newRow("policy") << u"man-policy.conf"_s << true;
    }
    void examplesOfTheManuals_areTaken()
    {
        QFETCH(QString, file);
        QFETCH(bool, isExit);
        const auto imported = importFile(file);
        QVERIFY2(imported, imported ? "" : qUtf8Printable(imported.error().place + imported.error().detail));
        QCOMPARE(std::holds_alternative<Exit>(imported->part), isExit);
    }

    void commandsOfTheManual_areShownWithTheirComment()
    {
        const auto imported = importFile(u"man-gateway.conf"_s);
        QCOMPARE(reportAt(*imported, 5).verdict, Verdict::Refused);
        QVERIFY(reportAt(*imported, 5).sentence.endsWith(u"-j REJECT # kill switch"));
    }

    void namesOfGenerators_areFound()
    {
        const auto imported = importFile(u"generators.conf"_s);
        QVERIFY2(imported, imported ? "" : qUtf8Printable(imported.error().detail));
        const auto &home = std::get<Home>(imported->part);
        const QStringList expected
            = {u"alice"_s, u"bob"_s, u"carol"_s, u"daves-fon"_s, u"erin"_s, u"frank"_s, u"peer_grace"_s, u"heidi"_s};
        QCOMPARE(names(home).mid(0, 8), expected);
        QCOMPARE(home.devices.size(), std::size_t(9));
        QVERIFY(home.devices[8].name.startsWith(u"peer-"));
        QVERIFY(!home.devices[8].hasPresharedKey);
    }

    void equalNames_areKeptApart()
    {
        const auto imported = importAsHome(
            view("[Interface]\nAddress=10.0.0.1/24\n# nas\n[Peer]\nPublicKey=" + kPublic
                + "\nAllowedIPs=10.0.0.2\n\n# nas\n[Peer]\nPublicKey=" + kOtherPublic + "\nAllowedIPs=10.0.0.3\n"),
            {});
        QVERIFY(imported);
        QCOMPARE(names(std::get<Home>(imported->part)), (QStringList{u"nas"_s, u"nas-2"_s}));
    }

    void severalPeersOfAnExit_onlyTheOneWithEverythingIsUsed()
    {
        const QByteArray text = "[Interface]\nAddress=10.0.0.1/24\n[Peer]\nPublicKey=" + kPublic
            + "\nAllowedIPs=10.0.0.2\n[Peer]\nPublicKey=" + kOtherPublic
            + "\nAllowedIPs=0.0.0.0/0\nEndpoint=192.0.2.1:5\n";
        const auto imported = importAsExit(view(text), {});
        QVERIFY(imported);
        QCOMPARE(way(*imported).peer.publicKey.toBase64().toLatin1(), kOtherPublic);
        for (int line = 3; line <= 5; ++line)
            QCOMPARE(reportAt(*imported, line).verdict, Verdict::Ignored);
        QCOMPARE(reportAt(*imported, 8).verdict, Verdict::Used);
        const auto guessed = importConf(view(text), ImportKind::Guess, {});
        QVERIFY(guessed.error().detail.contains(u"as an exit"));
        QCOMPARE(guessed.error().place, u"6:1"_s);
    }

    void twoHalves_areEverything()
    {
        const QByteArray text = "[Interface]\nAddress=10.0.0.1/24\n[Peer]\nPublicKey=" + kPublic
            + "\nEndpoint=192.0.2.1:5\nAllowedIPs=0.0.0.0/1, 128.0.0.0/1\n";
        QVERIFY(std::holds_alternative<Exit>(importConf(view(text), ImportKind::Guess, {})->part));
    }

    void whatCannotWork_isRefusedWithItsLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("asExit");
        QTest::addColumn<QString>("place");
        const QByteArray interface = "[Interface]\nAddress=10.0.0.1/24\n";
        const QByteArray peer = "[Peer]\nPublicKey=" + kPublic + "\n";
        QTest::newRow("exit without endpoint") << interface + peer + "AllowedIPs=0.0.0.0/0\n" << true << u"3:1"_s;
        QTest::newRow("exit without networks") << interface + peer + "Endpoint=192.0.2.1:5\n" << true << u"3:1"_s;
        QTest::newRow("exit without peer") << interface << true << u"1:1"_s;
        QTest::newRow("exit with endpoint nowhere") << interface + peer + "AllowedIPs=0.0.0.0/0\nEndpoint=0.0.0.0:5\n"
                                                    << true << u"3:1"_s;
        QTest::newRow("no interface") << peer + "AllowedIPs=10.0.0.2\n" << false << u"1:1"_s;
        QTest::newRow("no address") << "[Interface]\n" + peer + "AllowedIPs=10.0.0.2\n" << false << u"1:1"_s;
        QTest::newRow("two peers, one key")
            << interface + peer + "AllowedIPs=10.0.0.2\n" + peer + "AllowedIPs=10.0.0.3\n"
            << false << u"6:1"_s;
        QTest::newRow("two owners of a network")
            << interface + peer + "AllowedIPs=10.0.0.2\n[Peer]\nPublicKey=" + kOtherPublic + "\nAllowedIPs=10.0.0.2\n"
            << false << u"6:1"_s;
        QTest::newRow("endpoint inside the mesh") << interface + peer + "AllowedIPs=10.0.0.2\nEndpoint=10.0.0.2:5\n"
                                                  << false << u"3:1"_s;
    }
    void whatCannotWork_isRefusedWithItsLine()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, asExit);
        QFETCH(QString, place);
        const auto imported = importConf(view(text), asExit ? ImportKind::Exit : ImportKind::Home, {});
        QVERIFY(!imported);
        QCOMPARE(imported.error().place, place);
        QVERIFY(imported.error().detail.endsWith(u'.'));
    }

    void peersWithoutNetworks_areLeftOutOfAHome()
    {
        const auto imported = importAsHome(
            view("[Interface]\nAddress=10.0.0.1/24\n[Peer]\nPublicKey=" + kPublic + "\nAllowedIPs=\n"), {});
        QVERIFY(imported);
        QVERIFY(std::get<Home>(imported->part).devices.empty());
        QCOMPARE(reportAt(*imported, 3).verdict, Verdict::Ignored);
    }

    void namesOfTheCaller_winAndTakenNamesAreAvoided()
    {
        const QByteArray text = contents(u"se-sto-wg-001.conf"_s);
        const auto given = importAsExit(view(text), ImportOptions{u"x.conf"_s, u"work"_s, {}, {u"work"_s}});
        QCOMPARE(std::get<Exit>(given->part).name, u"work"_s);
        const auto guessed = importAsExit(view(text), ImportOptions{u"/tmp/a/wg0.conf"_s, {}, {}, {u"WG0"_s}});
        QCOMPARE(std::get<Exit>(guessed->part).name, u"wg0-2"_s);
    }
};

QTEST_APPLESS_MAIN(ProfileImportTest)
#include "profile_import_test.moc"
