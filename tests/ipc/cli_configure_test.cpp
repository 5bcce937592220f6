// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/secret_key.h"
#include "tests/ipc/cli_world.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <fcntl.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

struct KeyPair {
    QByteArray secret;
    QString shared;
};

KeyPair newKey()
{
    const SecretKey key = SecretKey::generatePrivate();
    QByteArray text(44, ' ');
    key.toBase64(std::span<char, 44>(text.data(), 44));
    return {text, key.publicKey().toBase64()};
}

bool isOneLine(const QString &text)
{
    return text.startsWith(u"sally: ") && text.count(u'\n') == 1 && text.endsWith(u'\n');
}

} // namespace

/// What changes or shows the configuration, by the real program on a real bus.
class CliConfigureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void apply_handsOverKeysAsSealedMemfds();
    void apply_twiceChangesNothing();
    void apply_readsStandardInput();
    void apply_saysWhereTheFileIsWrong_data();
    void apply_saysWhereTheFileIsWrong();
    void apply_refusesAKeyThatIsNotThisMachines();
    void apply_warnsOfAKeyFileThatEverybodyCanRead();
    void apply_warnsOfAFileOnceHoweverManyDevicesHaveIt();
    void apply_namesTheKeyFileThatIsMissing();
    void apply_endsWhenNamesCannotBeLookedUp();
    void apply_resolvesNames();
    void apply_stopsAtARefusal();
    void import_showsEveryLineAndNeverRunsCommands();
    void import_asksBeforeItReplaces();
    void import_readsStandardInputAndRefusesRubbish();
    void devices_areAddedShownAndRemoved();
    void exits_areListed();
    void export_andImportAreInverse();
    void export_refusesAForeignKey();
    void export_drawsCodesThatOnlyTheCallerCanRead();

private:
    Ran run(const QStringList &arguments, const QByteArray &input = {})
    {
        return Sally(m_bus->address()).run(arguments, input);
    }
    QString write(const QString &name, const QByteArray &content, QFileDevice::Permissions permissions = kPrivate);
    QVariantMap file() const;
    QString writeFile(const QVariantMap &map)
    {
        return write(u"wgnet.json"_s, QJsonDocument(QJsonObject::fromVariantMap(map)).toJson());
    }

    static constexpr QFileDevice::Permissions kPrivate = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestBus> m_bus;
    std::unique_ptr<CliHelper> m_helper;
    KeyPair m_own, m_nas, m_provider, m_psk;
};

void CliConfigureTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_bus = std::make_unique<TestBus>();
    m_helper = std::make_unique<CliHelper>(m_bus->connect());
    m_own = newKey();
    m_nas = newKey();
    m_provider = newKey();
    m_psk = newKey();
    write(u"own.key"_s, m_own.secret + '\n');
    write(u"nas.psk"_s, m_psk.secret);
    write(u"exit.key"_s, m_provider.secret + "\r\n");
}

void CliConfigureTest::cleanup()
{
    m_helper.reset();
    m_bus.reset();
    m_folder.reset();
}

QString CliConfigureTest::write(const QString &name, const QByteArray &content, QFileDevice::Permissions permissions)
{
    QFile file(m_folder->filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.setPermissions(permissions))
        qFatal("cannot write %s", qPrintable(name));
    return file.fileName();
}

QVariantMap CliConfigureTest::file() const
{
    const QVariantMap laptop{
        {u"name"_s, u"laptop"_s}, {u"addresses"_s, QVariantList{u"10.42.1.2"_s}}, {u"publicKey"_s, m_own.shared}};
    const QVariantMap nas{{u"name"_s, u"nas"_s}, {u"addresses"_s, QVariantList{u"10.42.1.4"_s}},
        {u"publicKey"_s, m_nas.shared},
        {u"endpoints"_s, QVariantList{QVariantMap{{u"address"_s, u"10.41.1.4:53333"_s}, {u"scope"_s, u"lan"_s}}}},
        {u"presharedKeyFile"_s, u"nas.psk"_s}, {u"offersExit"_s, true}};
    const QVariantMap exit{{u"name"_s, u"mullvad-se"_s}, {u"addresses"_s, QVariantList{u"10.64.3.7/32"_s}},
        {u"privateKeyFile"_s, m_folder->filePath(u"exit.key"_s)},
        {u"peer"_s, QVariantMap{{u"publicKey"_s, m_nas.shared}, {u"endpoint"_s, u"198.51.100.7:51820"_s}}},
        {u"dns"_s, QVariantList{u"10.64.0.1"_s}}};
    const QVariantMap home{{u"name"_s, u"wgnet"_s}, {u"device"_s, u"laptop"_s},
        {u"addresses"_s, QVariantList{u"10.42.1.2/16"_s}}, {u"listenPort"_s, 53333},
        {u"privateKeyFile"_s, u"own.key"_s}, {u"devices"_s, QVariantList{laptop, nas}}};
    return {{u"home"_s, home}, {u"exits"_s, QVariantList{exit}}};
}

void CliConfigureTest::apply_handsOverKeysAsSealedMemfds()
{
    const Ran ran = run({u"apply"_s, writeFile(file())});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QCOMPARE(m_helper->secrets.keys(), (QStringList{u"exit/mullvad-se"_s, u"home"_s, u"home/psk/nas"_s}));
    const QMap<QString, QByteArray> contents
        = {{u"home"_s, m_own.secret}, {u"home/psk/nas"_s, m_psk.secret}, {u"exit/mullvad-se"_s, m_provider.secret}};
    for (const QString &name : contents.keys()) {
        QCOMPARE(m_helper->secrets[name].content, contents[name]);
        QCOMPARE(m_helper->secrets[name].seals, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
        QVERIFY(!ran.out.contains(QString::fromLatin1(contents[name])));
    }
    QCOMPARE(m_helper->configureCalls, 1);
    QVERIFY2(ran.out.contains(u"home: device nas added"_s) && ran.out.contains(u"exit mullvad-se added"_s),
        qPrintable(ran.out));
    QCOMPARE(ran.err, QString());
}

void CliConfigureTest::apply_twiceChangesNothing()
{
    QCOMPARE(run({u"apply"_s, writeFile(file())}).code, 0);
    const QVariantMap before = m_helper->configuration;
    const Ran again = run({u"apply"_s, writeFile(file())});
    QCOMPARE(again.code, 0);
    QCOMPARE(again.out, u"Nothing to change.\n"_s);
    QCOMPARE(m_helper->configuration, before);
    QVariantMap changed = file();
    QVariantList exits = changed.value(u"exits"_s).toList();
    QVariantMap exit = exits[0].toMap();
    exit.insert(u"peer"_s, QVariantMap{{u"publicKey"_s, m_nas.shared}, {u"endpoint"_s, u"198.51.100.8:51820"_s}});
    changed.insert(u"exits"_s, QVariantList{exit});
    const Ran third = run({u"apply"_s, u"--json"_s, writeFile(changed)});
    QCOMPARE(json(third).value(u"changes"_s).toStringList(), QStringList{u"exit mullvad-se: endpoint changed"_s});
    QCOMPARE(json(third).value(u"schema"_s).toInt(), 1);
}

void CliConfigureTest::apply_readsStandardInput()
{
    QVariantMap map = file();
    QVariantMap home = map.value(u"home"_s).toMap();
    home.insert(u"privateKeyFile"_s, m_folder->filePath(u"own.key"_s));
    home.insert(u"devices"_s, QVariantList());
    map.insert(u"home"_s, home);
    const Ran ran = run({u"apply"_s, u"-"_s}, QJsonDocument(QJsonObject::fromVariantMap(map)).toJson());
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QCOMPARE(m_helper->secrets[u"home"_s].content, m_own.secret);
}

void CliConfigureTest::apply_saysWhereTheFileIsWrong_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("mentioned");
    QTest::newRow("not JSON") << QByteArray("{\n  \"home\": nonsense }") << u"2:"_s;
    QTest::newRow("empty") << QByteArray() << u"wgnet.json"_s;
    QTest::newRow("a list") << QByteArray("[]") << u"object"_s;
    QTest::newRow("too deep") << QByteArray("{\"a\":").append(QByteArray(100, '[')) << u"32"_s;
    QTest::newRow("wrong type") << QByteArray("{\"home\": 7}") << u"home"_s;
    QTest::newRow("no address") << QByteArray("{\"home\": {\"device\": \"laptop\", \"addresses\": [\"ten\"]}}")
                                << u"home.addresses[0]"_s;
    QTest::newRow("huge") << QByteArray(17 * 1024 * 1024, ' ') << u"larger"_s;
    QTest::newRow("zeroes") << QByteArray(64, '\0') << u"JSON"_s;
}

void CliConfigureTest::apply_saysWhereTheFileIsWrong()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, mentioned);
    const Ran ran = run({u"apply"_s, write(u"wgnet.json"_s, content)});
    QCOMPARE(ran.code, 1);
    QVERIFY2(
        isOneLine(ran.err) && ran.err.contains(mentioned) && ran.err.contains(u"wgnet.json"_s), qPrintable(ran.err));
    QCOMPARE(m_helper->configureCalls, 0);
    QVERIFY(m_helper->secrets.isEmpty());
}

void CliConfigureTest::apply_refusesAKeyThatIsNotThisMachines()
{
    write(u"own.key"_s, newKey().secret);
    const Ran ran = run({u"apply"_s, writeFile(file())});
    QCOMPARE(ran.code, 1);
    QVERIFY2(
        isOneLine(ran.err) && ran.err.contains(u"home.devices[0].publicKey does not belong"_s), qPrintable(ran.err));
    write(u"own.key"_s, m_nas.secret);
    QVERIFY(run({u"apply"_s, writeFile(file())}).code == 1);
    QCOMPARE(m_helper->configureCalls, 0);
}

void CliConfigureTest::apply_warnsOfAKeyFileThatEverybodyCanRead()
{
    write(u"own.key"_s, m_own.secret, kPrivate | QFileDevice::ReadOther);
    const Ran ran = run({u"apply"_s, writeFile(file())});
    QCOMPARE(ran.code, 0);
    QVERIFY2(ran.err.contains(u"warning: everybody on this machine can read"_s) && ran.err.contains(u"own.key"_s),
        qPrintable(ran.err));
}

void CliConfigureTest::apply_warnsOfAFileOnceHoweverManyDevicesHaveIt()
{
    QVariantMap map = file();
    QVariantMap home = map.value(u"home"_s).toMap();
    QVariantList devices = home.value(u"devices"_s).toList();
    for (const QString &name : {u"tv"_s, u"pi"_s}) {
        QVariantMap device = devices[1].toMap();
        device.insert(u"name"_s, name);
        device.insert(u"addresses"_s, QVariantList{u"10.42.1.%1"_s.arg(10 + devices.size())});
        device.insert(u"publicKey"_s, newKey().shared);
        device.remove(u"endpoints"_s);
        devices += device;
    }
    home.insert(u"devices"_s, devices);
    map.insert(u"home"_s, home);
    write(u"nas.psk"_s, m_psk.secret, kPrivate | QFileDevice::ReadOther);
    write(u"own.key"_s, m_own.secret, kPrivate | QFileDevice::ReadOther);
    const Ran ran = run({u"apply"_s, writeFile(map)});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QCOMPARE(ran.err.count(u"nas.psk"_s), 1);
    QCOMPARE(ran.err.count(u"own.key"_s), 1);
    QCOMPARE(m_helper->secrets.size(), 5);
}

void CliConfigureTest::apply_namesTheKeyFileThatIsMissing()
{
    QFile::remove(m_folder->filePath(u"nas.psk"_s));
    const Ran ran = run({u"apply"_s, writeFile(file())});
    QCOMPARE(ran.code, 1);
    QVERIFY2(
        isOneLine(ran.err) && ran.err.contains(u"nas.psk"_s) && ran.err.contains(u"home.devices[1].presharedKeyFile"_s),
        qPrintable(ran.err));
    write(u"nas.psk"_s, "not a key");
    QVERIFY(run({u"apply"_s, writeFile(file())}).err.contains(u"does not hold a WireGuard key"_s));
    QCOMPARE(m_helper->configureCalls, 0);
}

void CliConfigureTest::apply_endsWhenNamesCannotBeLookedUp()
{
    QVariantMap map = file();
    QVariantMap home = map.value(u"home"_s).toMap();
    QVariantList devices = home.value(u"devices"_s).toList();
    QVariantMap nas = devices[1].toMap();
    const QVariantMap name{{u"address"_s, u"nas.invalid:53333"_s}};
    nas.insert(u"endpoints"_s, QVariantList{name, QVariantMap{{u"address"_s, u"10.41.1.4:53333"_s}}});
    home.insert(u"devices"_s, QVariantList{devices[0], nas});
    map.insert(u"home"_s, home);
    const auto withoutNetwork = [this](const QVariantMap &content) {
        Sally sally(m_bus->address());
        sally.startThrough({u"unshare"_s, u"-rn"_s}, {u"apply"_s, writeFile(content)});
        return sally.finish();
    };
    const Ran note = withoutNetwork(map);
    QVERIFY2(note.code == 0, qPrintable(note.err));
    QVERIFY2(note.err.contains(u"'nas.invalid' of device nas has no address now"_s), qPrintable(note.err));
    nas.insert(u"endpoints"_s, QVariantList{name});
    home.insert(u"devices"_s, QVariantList{devices[0], nas});
    map.insert(u"home"_s, home);
    const Ran only = withoutNetwork(map);
    QCOMPARE(only.code, 1);
    QVERIFY2(only.err.contains(u"the only endpoint of device nas"_s), qPrintable(only.err));
    QVERIFY(only.took < std::chrono::seconds(20));
}

void CliConfigureTest::apply_resolvesNames()
{
    QVariantMap map = file();
    QVariantMap exit = map.value(u"exits"_s).toList()[0].toMap();
    exit.insert(u"peer"_s, QVariantMap{{u"publicKey"_s, m_nas.shared}, {u"endpoint"_s, u"localhost:51820"_s}});
    map.insert(u"exits"_s, QVariantList{exit});
    const Ran ran = run({u"apply"_s, writeFile(map)});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const QVariantMap peer = m_helper->configuration.value(u"exits"_s).toList()[0].toMap().value(u"peer"_s).toMap();
    QVERIFY2(peer.value(u"resolved"_s).toStringList().contains(u"127.0.0.1"_s), "the name was not looked up");
}

void CliConfigureTest::apply_stopsAtARefusal()
{
    m_helper->refuseWith = u"NotAuthorized"_s;
    const Ran ran = run({u"apply"_s, writeFile(file())});
    QCOMPARE(ran.code, 3);
    QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
    QCOMPARE(m_helper->configureCalls, 0);
}

void CliConfigureTest::import_showsEveryLineAndNeverRunsCommands()
{
    const QString proof = m_folder->filePath(u"ran"_s);
    const QByteArray conf = "[Interface]\nPrivateKey = " + m_provider.secret
        + "\nAddress = 10.64.3.7/32\nPostUp = touch " + proof.toUtf8() + "\n\n[Peer]\nPublicKey = "
        + m_nas.shared.toLatin1() + "\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = 198.51.100.7:51820\n";
    const Ran ran = run({u"import"_s, write(u"mullvad-se.conf"_s, conf)});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY2(ran.out.contains(u"becomes exit 'mullvad-se'"_s), qPrintable(ran.out));
    QVERIFY2(QRegularExpression(u"line 4 +PostUp +refused"_s).match(ran.out).hasMatch(), qPrintable(ran.out));
    QVERIFY2(QRegularExpression(u"line 9 +Endpoint +used"_s).match(ran.out).hasMatch(), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"exit mullvad-se added"_s), qPrintable(ran.out));
    QCOMPARE(m_helper->secrets[u"exit/mullvad-se"_s].content, m_provider.secret);
    QVERIFY(!ran.out.contains(QString::fromLatin1(m_provider.secret)));
    QVERIFY(!QFile::exists(proof));
}

void CliConfigureTest::import_asksBeforeItReplaces()
{
    const auto conf = [this](const QByteArray &endpoint) {
        return "[Interface]\nPrivateKey = " + m_provider.secret + "\nAddress = 10.64.3.7/32\n[Peer]\nPublicKey = "
            + m_nas.shared.toLatin1() + "\nAllowedIPs = 0.0.0.0/0\nEndpoint = " + endpoint + '\n';
    };
    QCOMPARE(run({u"import"_s, write(u"se.conf"_s, conf("198.51.100.7:51820"))}).code, 0);
    QVERIFY(run({u"import"_s, m_folder->filePath(u"se.conf"_s)}).out.contains(u"Nothing to change."_s));
    const QString other = write(u"se.conf"_s, conf("198.51.100.8:51820"));
    const Ran clash = run({u"import"_s, other});
    QCOMPARE(clash.code, 1);
    QVERIFY2(isOneLine(clash.err) && clash.err.contains(u"--replace"_s) && clash.err.contains(u"--name"_s),
        qPrintable(clash.err));
    QVERIFY(run({u"import"_s, other, u"--replace"_s}).out.contains(u"exit se: endpoint changed"_s));
    QVERIFY(run({u"import"_s, other, u"--name"_s, u"second"_s}).out.contains(u"exit second added"_s));
    QCOMPARE(m_helper->configuration.value(u"exits"_s).toList().size(), 2);
}

void CliConfigureTest::import_readsStandardInputAndRefusesRubbish()
{
    const QByteArray conf = "[Interface]\nPrivateKey = " + m_own.secret
        + "\nAddress = 10.42.1.2/16\n[Peer]\nPublicKey = " + m_nas.shared.toLatin1() + "\nAllowedIPs = 10.42.1.4/32\n";
    const Ran home = run({u"import"_s, u"-"_s, u"--home"_s, u"--name"_s, u"wgnet"_s, u"--json"_s}, conf);
    QVERIFY2(home.code == 0, qPrintable(home.err));
    QCOMPARE(json(home).value(u"files"_s).toList()[0].toMap().value(u"kind"_s).toString(), u"home"_s);
    QCOMPARE(m_helper->configuration.value(u"home"_s).toMap().value(u"name"_s).toString(), u"wgnet"_s);
    const int calls = m_helper->configureCalls;
    for (const QByteArray &rubbish :
        {QByteArray(), QByteArray("[Interface"), QByteArray("PK\x03\x04rubbish"), QByteArray(5000, '\0')}) {
        const Ran ran = run({u"import"_s, u"-"_s}, rubbish);
        QCOMPARE(ran.code, 1);
        QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
    }
    QCOMPARE(m_helper->configureCalls, calls);
}

void CliConfigureTest::devices_areAddedShownAndRemoved()
{
    QCOMPARE(run({u"device"_s, u"list"_s}).code, 1);
    QCOMPARE(run({u"apply"_s, writeFile(file())}).code, 0);
    const KeyPair vps = newKey();
    const Ran added = run({u"device"_s, u"add"_s, u"vps"_s, u"--key"_s, vps.shared, u"--address"_s, u"10.42.1.3"_s,
        u"--endpoint"_s, u"98.76.65.43:53333"_s, u"--alias"_s, u"cloud"_s});
    QVERIFY2(added.code == 0, qPrintable(added.err));
    QCOMPARE(added.out, u"home: device vps added\n"_s);
    QVERIFY(run({u"device"_s, u"list"_s}).out.contains(u"98.76.65.43:53333"_s));
    QCOMPARE(json(run({u"device"_s, u"list"_s, u"--json"_s})).value(u"devices"_s).toList().size(), 3);
    QCOMPARE(json(run({u"device"_s, u"show"_s, u"cloud"_s, u"--json"_s})).value(u"publicKey"_s).toString(), vps.shared);
    const Ran twice
        = run({u"device"_s, u"add"_s, u"vps"_s, u"--key"_s, newKey().shared, u"--address"_s, u"10.42.1.9"_s});
    QVERIFY2(twice.code == 1 && twice.err.contains(u"already"_s), qPrintable(twice.err));
    const Ran sameKey = run({u"device"_s, u"add"_s, u"x"_s, u"--key"_s, vps.shared, u"--address"_s, u"10.42.1.9"_s});
    QVERIFY2(sameKey.code == 1 && isOneLine(sameKey.err), qPrintable(sameKey.err));
    QCOMPARE(run({u"device"_s, u"remove"_s, u"cloud"_s}).out, u"home: device vps removed\n"_s);
    QCOMPARE(run({u"device"_s, u"show"_s, u"vps"_s}).code, 1);
    QCOMPARE(run({u"device"_s, u"remove"_s, u"vps"_s}).code, 1);
}

void CliConfigureTest::exits_areListed()
{
    QVERIFY(run({u"exit"_s, u"list"_s}).out.contains(u"no exit"_s));
    QCOMPARE(run({u"apply"_s, writeFile(file())}).code, 0);
    QVERIFY(run({u"exit"_s, u"list"_s}).out.contains(u"mullvad-se"_s));
    const QVariantList exits = json(run({u"exit"_s, u"list"_s, u"--json"_s})).value(u"exits"_s).toList();
    QCOMPARE(exits[0].toMap().value(u"leadsTo"_s).toString(), u"198.51.100.7:51820"_s);
}

void CliConfigureTest::export_andImportAreInverse()
{
    QCOMPARE(run({u"apply"_s, writeFile(file())}).code, 0);
    const QVariantMap before = m_helper->configuration;
    const Ran exported = run({u"export"_s, u"mullvad-se"_s, u"--key"_s, m_folder->filePath(u"exit.key"_s)});
    QVERIFY2(exported.code == 0, qPrintable(exported.err));
    QVERIFY(exported.out.contains(u"PrivateKey = "_s + QString::fromLatin1(m_provider.secret)));
    const Ran imported = run({u"import"_s, u"-"_s, u"--exit"_s, u"--name"_s, u"mullvad-se"_s}, exported.out.toUtf8());
    QVERIFY2(imported.out.contains(u"Nothing to change."_s), qPrintable(imported.out + imported.err));
    const Ran home = run({u"export"_s, u"laptop"_s});
    QVERIFY2(home.code == 0 && !home.out.contains(u"\nPrivateKey = "_s), qPrintable(home.out));
    const Ran again = run({u"import"_s, u"-"_s, u"--home"_s}, home.out.toUtf8());
    QVERIFY2(again.out.contains(u"Nothing to change."_s), qPrintable(again.out + again.err));
    QCOMPARE(m_helper->configuration, before);
    QVERIFY(json(run({u"export"_s, u"nas"_s, u"--json"_s})).value(u"conf"_s).toString().contains(m_own.shared));
    QCOMPARE(run({u"export"_s, u"nobody"_s}).code, 1);
}

void CliConfigureTest::export_refusesAForeignKey()
{
    QCOMPARE(run({u"apply"_s, writeFile(file())}).code, 0);
    const Ran ran = run({u"export"_s, u"nas"_s, u"--key"_s, m_folder->filePath(u"own.key"_s)});
    QCOMPARE(ran.code, 1);
    QVERIFY2(isOneLine(ran.err) && ran.out.isEmpty(), qPrintable(ran.err));
}

void CliConfigureTest::export_drawsCodesThatOnlyTheCallerCanRead()
{
    QCOMPARE(run({u"apply"_s, writeFile(file())}).code, 0);
    const QString picture = m_folder->filePath(u"nas.png"_s);
    const QStringList png = {u"export"_s, u"nas"_s, u"--png"_s, picture};
    const Ran keyless = run(png);
    QVERIFY2(keyless.code == 1 && keyless.err.contains(u"--key"_s) && !QFile::exists(picture), qPrintable(keyless.err));
    const QString key = write(u"nas.key"_s, m_nas.secret);
    const Ran drawn = run(png + QStringList{u"--key"_s, key});
    QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
    QCOMPARE(QFile::permissions(picture) & ~(QFileDevice::ReadUser | QFileDevice::WriteUser), kPrivate);
    const Ran again = run(png + QStringList{u"--key"_s, key});
    QVERIFY2(again.code == 1 && again.err.contains(u"exists already"_s), qPrintable(again.err));
    const Ran qr = run({u"export"_s, u"nas"_s, u"--qr"_s, u"--key"_s, key});
    QVERIFY(qr.code == 0 && qr.out.contains(u'\u2588'));
    // Another program's reader is the judge, where there is one.
    QProcess reader;
    reader.start(u"zbarimg"_s, {u"-q"_s, u"--raw"_s, picture});
    if (!reader.waitForStarted())
        QSKIP("zbarimg (package zbar-tools) is not installed: nobody can read the code");
    QVERIFY(reader.waitForFinished());
    const QByteArray conf = reader.readAllStandardOutput();
    QVERIFY2(conf.contains("PrivateKey = " + m_nas.secret) && conf.contains(m_own.shared.toLatin1()), conf.constData());
}

QTEST_GUILESS_MAIN(CliConfigureTest)
#include "cli_configure_test.moc"
