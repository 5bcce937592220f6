// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/export.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/json.h"
#include "tests/unit/profile_documents.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

constexpr quint32 kSeed = 20221028;
constexpr int kDocuments = 1500;

QString textOf(const SecretText &text)
{
    return QString::fromUtf8(text.view().data(), static_cast<qsizetype>(text.size()));
}

QByteArray jsonOf(const Configuration &configuration)
{
    return writeJson(encodeConfiguration(configuration));
}

Device device(const QString &name, const QString &address, const SecretKey &key)
{
    Device value;
    value.name = name;
    value.addresses = {*Prefix::parse(address)};
    value.publicKey = key.publicKey();
    return value;
}

/// The home of the first origin.
struct World {
    SecretKey laptopKey = SecretKey::generatePrivate();
    SecretKey nasKey = SecretKey::generatePrivate();
    SecretKey vpsKey = SecretKey::generatePrivate();
    Home home;

    World()
    {
        home.name = u"wgnet"_s;
        home.device = u"laptop"_s;
        home.addresses = {*InterfaceAddress::parse(u"10.42.1.2/16")};
        home.listenPort = 53333;
        home.domain = u"wgnet"_s;
        Device nas = device(u"nas"_s, u"10.42.1.4"_s, nasKey);
        nas.aliases = {u"storage"_s};
        nas.routes = {*Prefix::parse(u"10.41.0.0/16")};
        nas.endpoints = {Candidate{*HostEndpoint::parse(u"10.41.1.4:53333"), EndpointScope::Lan, {}},
            Candidate{*HostEndpoint::parse(u"123.45.67.89:54445"), EndpointScope::Any, {}}};
        Device vps = device(u"vps"_s, u"10.42.1.3"_s, vpsKey);
        vps.endpoints = {Candidate{*HostEndpoint::parse(u"98.76.65.43:53333"), EndpointScope::Any, {}}};
        home.devices = {nas, vps};
    }
};

} // namespace

class ProfileExportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void randomDocuments_areAcceptedByTheCodec()
    {
        RandomDocuments documents(kSeed);
        for (int i = 0; i < kDocuments; ++i) {
            const Configuration configuration = documents.configuration();
            const auto decoded = decodeConfiguration(encodeConfiguration(configuration));
            QVERIFY2(
                decoded, decoded ? "" : qUtf8Printable(u"%1 %2"_s.arg(decoded.error().place, decoded.error().detail)));
            QCOMPARE(jsonOf(decoded->configuration), jsonOf(configuration));
        }
    }

    void exportThenImport_ofAHome_isIdentity()
    {
        RandomDocuments documents(kSeed);
        for (int i = 0; i < kDocuments; ++i) {
            const Home home = documents.home();
            const auto text = exportHome(home, {});
            QVERIFY(text);
            const auto imported = importConf(text->view(), ImportKind::Guess, {});
            QVERIFY2(imported,
                qUtf8Printable(u"seed %1, document %2: %3 %4\n%5"_s.arg(kSeed).arg(i).arg(
                    imported ? QString() : imported.error().place, imported ? QString() : imported.error().detail,
                    textOf(*text))));
            const auto *back = std::get_if<Home>(&imported->part);
            QVERIFY2(back && *back == home,
                qUtf8Printable(u"seed %1, document %2:\n%3\n"_s.arg(kSeed).arg(i).arg(textOf(*text))));
        }
    }

    void exportThenImport_ofAnExit_isIdentity()
    {
        RandomDocuments documents(kSeed);
        for (int i = 0; i < kDocuments; ++i) {
            const Exit exit = documents.providerExit(i % 5);
            const auto text = exportExit(exit, nullptr);
            QVERIFY(text);
            const auto imported = importConf(text->view(), ImportKind::Guess, {});
            QVERIFY2(imported,
                qUtf8Printable(u"seed %1, document %2: %3 %4\n%5"_s.arg(kSeed).arg(i).arg(
                    imported ? QString() : imported.error().place, imported ? QString() : imported.error().detail,
                    textOf(*text))));
            const auto *back = std::get_if<Exit>(&imported->part);
            QVERIFY2(back && *back == exit,
                qUtf8Printable(u"seed %1, document %2:\n%3\n"_s.arg(kSeed).arg(i).arg(textOf(*text))));
        }
    }

    void secrets_comeBackUnderTheirNames()
    {
        World world;
        world.home.devices[0].hasPresharedKey = true;
        Secrets secrets;
        secrets.emplace(homeSecretName(), world.laptopKey.clone());
        secrets.emplace(devicePskName(u"nas"_s), SecretKey::generatePreshared());
        const auto text = exportHome(world.home, HomeExport{{}, nullptr, &secrets, {}});
        const auto imported = importAsHome(text->view(), {});
        QVERIFY(imported);
        QCOMPARE(std::get<Home>(imported->part), world.home);
        QCOMPARE(imported->secrets.size(), std::size_t(2));
        for (const auto &[name, key] : secrets)
            QVERIFY(imported->secrets.at(name).equals(key));
    }

    void withoutSecret_theFileSaysWhereItBelongs()
    {
        const auto text = exportHome(World().home, {});
        QVERIFY(textOf(*text).contains(u"# Here belongs the line 'PrivateKey = …' with the private key of laptop."));
        QVERIFY(!textOf(*text).contains(u"\nPrivateKey"));
    }

    void plainPart_isWhatWgQuickNeeds()
    {
        const auto text = exportHome(World().home, {});
        const QString written = textOf(*text);
        QVERIFY(written.contains(u"\nAddress = 10.42.1.2/16\nListenPort = 53333\n"));
        QVERIFY(written.contains(u"# Name = nas\n# Aliases = storage\n# Endpoint(lan) = 10.41.1.4:53333\n"));
        QVERIFY(written.contains(u"\nEndpoint = 123.45.67.89:54445\nAllowedIPs = 10.42.1.4/32, 10.41.0.0/16\n"));
    }

    void fileForAnotherDevice_isThatDevicesView()
    {
        World world;
        world.home.devices[0].hasPresharedKey = true;
        Secrets secrets;
        secrets.emplace(devicePskName(u"nas"_s), SecretKey::generatePreshared());
        const auto text
            = exportHome(world.home, HomeExport{u"storage"_s, &world.nasKey, &secrets, world.laptopKey.publicKey()});
        QVERIFY(text);
        const auto imported = importAsHome(text->view(), {});
        QVERIFY(imported);
        const auto &seen = std::get<Home>(imported->part);
        QCOMPARE(seen, *homeSeenFrom(world.home, world.home.devices[0], world.laptopKey.publicKey()));
        QCOMPARE(seen.device, u"nas"_s);
        QCOMPARE(seen.addresses.front().toString(), u"10.42.1.4/16"_s);
        QCOMPARE(seen.listenPort, quint16(53333));
        QCOMPARE(peersOf(seen).size(), std::size_t(2));
        const Device *laptop = findDevice(seen, u"laptop"_s);
        QVERIFY(laptop && laptop->hasPresharedKey && laptop->publicKey == world.laptopKey.publicKey());
        QVERIFY(imported->secrets.at(homeSecretName()).equals(world.nasKey));
        QVERIFY(imported->secrets.at(devicePskName(u"laptop"_s)).equals(secrets.at(devicePskName(u"nas"_s))));
    }

    void fileForAnotherDevice_needsOurPublicKey()
    {
        const World world;
        const auto text = exportHome(world.home, HomeExport{u"vps"_s, nullptr, nullptr, {}});
        QCOMPARE(text.error().code, Errc::NotConfigured);
        QCOMPARE(exportHome(world.home, HomeExport{u"car"_s, nullptr, nullptr, {}}).error().code, Errc::UnknownName);
    }

    void deviceExit_hasNoFile()
    {
        QCOMPARE(exportExit(Exit{u"pi"_s, DeviceExit{u"pi"_s}}, nullptr).error().code, Errc::InvalidArgument);
    }

    void editsByHand_areTakenOver()
    {
        const auto text = exportHome(World().home, {});
        QByteArray edited = textOf(*text).toUtf8();
        edited.replace("AllowedIPs = 10.42.1.4/32, 10.41.0.0/16", "AllowedIPs = 10.42.1.4/32, 0.0.0.0/0");
        edited.replace("Endpoint = 123.45.67.89:54445", "Endpoint = 123.45.67.90:1");
        const auto imported = importAsHome(std::span(edited.constData(), static_cast<std::size_t>(edited.size())), {});
        QVERIFY(imported);
        const Device nas = std::get<Home>(imported->part).devices[0];
        QVERIFY(nas.offersExit && nas.routes.empty());
        QCOMPARE(nas.endpoints.front().endpoint.toString(), u"123.45.67.90:1"_s);
        QCOMPARE(nas.endpoints.size(), std::size_t(3));
    }

    void hugeHome_isRefusedInsteadOfWritten()
    {
        World world;
        const Device pattern = world.home.devices[1];
        for (int i = 0; i < 9990; ++i)
            world.home.devices.push_back(pattern);
        QCOMPARE(exportHome(world.home, {}).error().code, Errc::LimitExceeded);
    }
};

QTEST_APPLESS_MAIN(ProfileExportTest)
#include "profile_export_test.moc"
