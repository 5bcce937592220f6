// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/bare_conf.h"
#include "app/exchange/qr_code.h"
#include "app/setup/draft_file.h"
#include "app/setup/import_offer.h"
#include "app/setup/new_home.h"
#include "app/setup/phone_state.h"
#include "app/setup/qr_image.h"

#include <QBuffer>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Dice fairDice()
{
    return [random = std::mt19937(7)](quint32 bound) mutable { return quint32(random() % bound); };
}

Prefix prefix(const QString &text)
{
    return *Prefix::parse(text);
}

HomePlan plan(const QString &home = u"wgnet"_s, const QString &device = u"laptop"_s)
{
    return {home, device, {prefix(u"10.200.7.0/24"_s), prefix(u"fd12:3456:789a::/64"_s)}, 20001};
}

Home someHome()
{
    return *withNewHome({}, plan())->configuration.home;
}

QByteArray textOf(std::span<const char> text)
{
    return {text.data(), qsizetype(text.size())};
}

const QByteArray kConf
    = "[Interface]\nPrivateKey = oK56DE9Ue9zK76rAc8pBl6opph+1v36lm7cXXsQKrQM=\nAddress = 10.64.3.7/32\n"
      "PostUp = rm -rf /\nTable = off\n\n[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n"
      "AllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = 198.51.100.7:51820\n";

QByteArray png(const QImage &image)
{
    QBuffer buffer;
    image.save(&buffer, "PNG");
    return buffer.data();
}

QImage pictureOf(const QByteArray &text, int scale = 4)
{
    const auto code = QrCode::encode(std::span(text.constData(), std::size_t(text.size())));
    QImage image((code->size() + 8) * scale, (code->size() + 8) * scale, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    for (int y = 0; y < code->size(); ++y) {
        for (int x = 0; x < code->size(); ++x) {
            if (code->isDark(x, y))
                painter.fillRect((x + 4) * scale, (y + 4) * scale, scale, scale, Qt::black);
        }
    }
    return image;
}

Snapshot snapshotWith(const PublicKey &key, std::optional<std::chrono::seconds> handshake)
{
    Snapshot snapshot;
    PeerSnapshot peer;
    peer.publicKey = key;
    peer.activity.handshakeAge = handshake;
    snapshot.home.peers.push_back(peer);
    return snapshot;
}

} // namespace

class SetupTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void draft_comesBackAsItWas();
    void draft_ofRubbishIsEmpty();
    void draftFile_isForItsOwnerAndGoesWhenNothingIsLeft();
    void proposal_avoidsEverythingInSight();
    void proposal_findsTheLastFreeNetwork();
    void prefix_ofStrangersOrWithoutRoomIsRefused();
    void clash_namesWhose();
    void routes_areReadAsTheKernelWritesThem();
    void newHome_hasItsKeyAndNoSecretInside();
    void newHome_acceptsAnyScriptAndVeryLongNames();
    void secondHome_isRefused();
    void newDevice_getsFreeNumbersAndAFreeName();
    void fullHome_hasNoRoom();
    void deviceFile_isOneThatItCanImport();
    void deviceFile_withoutAWayToUsIsRefused();
    void phone_waitsJoinsAndExpires();
    void phone_whoseClockWasSetBackIsOver();
    void code_goesThroughARealPicture();
    void picture_thatIsNoneIsRefused();
    void picture_thatIsTooLargeIsNotDecoded();
    void picture_withTwoCodesIsRefused();
    void offer_showsEveryLineAndNoKey();
    void offer_fromAPictureFile();
    void offer_ofJsonWithoutAFileOpensNothing();
};

void SetupTest::draft_comesBackAsItWas()
{
    WizardDraft draft{WizardTask::AddPhone, u"منزل"_s, u"ノート"_s, u"10.1.2.0/24"_s, u"fd00::/64"_s, u"電話"_s, 2,
        u"example.org:1"_s,
        PendingPhone{u"電話"_s, SecretKey::generatePrivate().publicKey(), std::chrono::sys_seconds(5s)}};
    QCOMPARE(decodeDraft(encodeDraft(draft)), draft);
}

void SetupTest::draft_ofRubbishIsEmpty()
{
    QCOMPARE(decodeDraft("[1,2"), WizardDraft{});
    QCOMPARE(
        decodeDraft(R"({"task":"fly","phone":{"name":"x","publicKey":"short"},"newDeviceKind":-9})"), WizardDraft{});
}

void SetupTest::draftFile_isForItsOwnerAndGoesWhenNothingIsLeft()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"state/wizard.json"_s);
    DraftFile file(path);
    WizardDraft draft;
    draft.homeName = u"wgnet"_s;
    QVERIFY(file.keep(draft));
    QCOMPARE(DraftFile(path).draft(), draft);
    QVERIFY(!(QFile::permissions(path) & (QFile::ReadGroup | QFile::ReadOther)));
    QVERIFY(file.keep({}));
    QVERIFY(!QFile::exists(path));
}

void SetupTest::proposal_avoidsEverythingInSight()
{
    std::vector<SeenNetwork> seen = knownNetworks();
    seen.push_back({prefix(u"10.128.0.0/9"_s), u"office"_s});
    for (int i = 0; i < 2000; ++i) {
        const Dice dice
            = [random = std::mt19937(quint32(i))](quint32 bound) mutable { return quint32(random() % bound); };
        const MeshPrefixes proposed = proposePrefixes(seen, dice);
        QVERIFY(!proposed.ipv4.overlaps(prefix(u"10.128.0.0/9"_s)));
        QVERIFY(!proposed.ipv4.overlaps(prefix(u"10.64.0.0/10"_s)));
        QVERIFY(prefix(u"10.0.0.0/8"_s).contains(proposed.ipv4));
        QVERIFY(prefix(u"fd00::/8"_s).contains(proposed.ipv6));
        seen.push_back({proposed.ipv4, u"earlier"_s});
    }
}

void SetupTest::proposal_findsTheLastFreeNetwork()
{
    std::vector<SeenNetwork> seen;
    for (int bit = 0; bit < 16; ++bit) // everything of 10/8 but 10.255.255.0/24
        seen.push_back({Prefix::of(*IpAddress::parse(u"10.%1.%2.0"_s.arg((0xffff << (16 - bit) & 0xffff) >> 8)
                                                         .arg((0xffff << (16 - bit)) & 0xff)),
                            quint8(9 + bit)),
            {}});
    QCOMPARE(proposePrefixes(seen, fairDice()).ipv4, prefix(u"10.255.255.0/24"_s));
}

void SetupTest::prefix_ofStrangersOrWithoutRoomIsRefused()
{
    QVERIFY(parseMeshPrefix(u" 10.200.7.0/24 "_s, Family::IPv4));
    for (const QString &bad :
        {u"8.8.8.0/24"_s, u"10.0.0.0/31"_s, u"fd00::/64"_s, u"home"_s, u""_s, u"169.254.0.0/16"_s})
        QVERIFY2(!parseMeshPrefix(bad, Family::IPv4), qPrintable(bad));
    QVERIFY(!parseMeshPrefix(u"2001:db8::/64"_s, Family::IPv6));
}

void SetupTest::clash_namesWhose()
{
    const auto clashes = clashesOf(prefix(u"100.70.0.0/16"_s), knownNetworks());
    QCOMPARE(clashes.size(), std::size_t(1));
    QVERIFY(clashes.front().whose.contains(u"Tailscale"_s));
    QVERIFY(clashesOf(prefix(u"10.200.7.0/24"_s), knownNetworks()).empty());
}

void SetupTest::routes_areReadAsTheKernelWritesThem()
{
    const QByteArray ipv4 = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
                            "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
                            "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\nrubbish\n";
    const QByteArray ipv6 = "fd120000000000000000000000000000 30 00000000000000000000000000000000 00 "
                            "00000000000000000000000000000000 00000100 00000001 00000000 00000001     wlan0\n"
                            "fe800000000000000000000000000000 40 00000000000000000000000000000000 00 "
                            "00000000000000000000000000000000 00000100 00000001 00000000 00000001     wlan0\n";
    const std::vector<SeenNetwork> expected{
        {prefix(u"192.168.1.0/24"_s), u"eth0"_s}, {prefix(u"fd12::/48"_s), u"wlan0"_s}};
    QCOMPARE(routedNetworks(ipv4, ipv6), expected);
}

void SetupTest::newHome_hasItsKeyAndNoSecretInside()
{
    const auto proposal = withNewHome({}, plan());
    QVERIFY(proposal);
    QCOMPARE(proposal->secrets.size(), std::size_t(1));
    QCOMPARE(proposal->secrets.front().name, homeSecretName());
    const Home &home = *proposal->configuration.home;
    QCOMPARE(home.addresses.front().toString(), u"10.200.7.1/24"_s);
    QCOMPARE(home.addresses.back().toString(), u"fd12:3456:789a::1/64"_s);
}

void SetupTest::newHome_acceptsAnyScriptAndVeryLongNames()
{
    for (const QString &name : {u"حاسوب"_s, u"ノートパソコン"_s, u"Mein Rechner (alt)"_s, QString(5000, u'x')}) {
        const auto proposal = withNewHome({}, plan(u"منزل"_s, name));
        QVERIFY2(proposal, qPrintable(proposal ? QString() : proposal.error().detail));
        QVERIFY(proposal->configuration.home->device.size() <= 63);
        QVERIFY(makeDevice(*proposal->configuration.home, name));
    }
    QVERIFY(!withNewHome({}, plan(u"wgnet"_s, u"///"_s)));
    QVERIFY(!withNewHome({}, plan(QString(5000, u'x'), u"laptop"_s)));
}

void SetupTest::secondHome_isRefused()
{
    Configuration present;
    present.home = someHome();
    QVERIFY(!withNewHome(present, plan()));
}

void SetupTest::newDevice_getsFreeNumbersAndAFreeName()
{
    Home home = someHome();
    for (const QString &name : {u"phone"_s, u"phone-2"_s, u"phone-3"_s}) {
        const auto made = makeDevice(home, u"Phone"_s);
        QVERIFY(made);
        QCOMPARE(made->device.name, name);
        QCOMPARE(made->device.addresses.size(), std::size_t(2));
        QCOMPARE(made->device.addresses.front().toString(), u"10.200.7.%1"_s.arg(home.devices.size() + 2));
        QCOMPARE(made->key.publicKey(), made->device.publicKey);
        home.devices.push_back(made->device);
    }
}

void SetupTest::fullHome_hasNoRoom()
{
    Home home = someHome();
    home.addresses = {*InterfaceAddress::parse(u"10.200.7.1/30"_s)};
    home.devices.push_back(makeDevice(home, u"one"_s)->device);
    QVERIFY(!makeDevice(home, u"two"_s));
}

void SetupTest::deviceFile_isOneThatItCanImport()
{
    const Home home = someHome();
    const PublicKey own = SecretKey::generatePrivate().publicKey();
    const auto made = makeDevice(home, u"phone"_s);
    const auto conf = confFor(home, *made, own, HostEndpoint{u"192.168.1.20"_s, 20001});
    QVERIFY(conf);
    const auto imported
        = importConf(withoutComments(*conf).view(), ImportKind::Home, {u"x.conf"_s, {}, u"phone"_s, {}});
    QVERIFY(imported);
    const Home &theirs = std::get<Home>(imported->part);
    QCOMPARE(imported->secrets.at(homeSecretName()).publicKey(), made->device.publicKey);
    QCOMPARE(theirs.devices.size(), std::size_t(1));
    QCOMPARE(theirs.devices.front().publicKey, own);
    QCOMPARE(theirs.devices.front().persistentKeepalive, quint16(25));
    QCOMPARE(theirs.devices.front().endpoints.front().endpoint.toString(), u"192.168.1.20:20001"_s);
}

void SetupTest::deviceFile_withoutAWayToUsIsRefused()
{
    const Home home = someHome();
    QVERIFY(!confFor(home, *makeDevice(home, u"phone"_s), SecretKey::generatePrivate().publicKey(), std::nullopt));
}

void SetupTest::phone_waitsJoinsAndExpires()
{
    const PublicKey key = SecretKey::generatePrivate().publicKey();
    const std::chrono::sys_seconds start(1'000'000s);
    const PendingPhone phone{u"phone"_s, key, start + kPhonePatience};
    const Snapshot silent = snapshotWith(key, std::nullopt);
    QCOMPARE(phoneStateOf(phone, {}, start), PhoneState::Unknown);
    QCOMPARE(phoneStateOf(phone, silent, start), PhoneState::Waiting);
    QCOMPARE(phoneStateOf(phone, silent, start + kPhonePatience - 1s), PhoneState::Waiting);
    QCOMPARE(phoneStateOf(phone, silent, start + kPhonePatience), PhoneState::Expired);
    QCOMPARE(phoneStateOf(phone, snapshotWith(key, 0s), start + 24h), PhoneState::Joined);
    QCOMPARE(
        phoneStateOf(phone, snapshotWith(SecretKey::generatePrivate().publicKey(), 0s), start), PhoneState::Unknown);
}

void SetupTest::phone_whoseClockWasSetBackIsOver()
{
    const PublicKey key = SecretKey::generatePrivate().publicKey();
    const std::chrono::sys_seconds start(1'000'000'000s);
    QCOMPARE(phoneStateOf({u"phone"_s, key, start + kPhonePatience}, snapshotWith(key, std::nullopt), start - 24h),
        PhoneState::Expired);
}

void SetupTest::code_goesThroughARealPicture()
{
    for (const QByteArray &text : {kConf, QByteArray("a"), QByteArray(2900, 'x'), "# Name = \"ノート\"\n" + kConf}) {
        const auto image = readImage(png(pictureOf(text)));
        QVERIFY(image);
        const auto read = readCode(*image);
        QVERIFY2(read, qPrintable(read ? QString() : read.error().detail));
        QCOMPARE(textOf(read->view()), text);
    }
}

void SetupTest::picture_thatIsNoneIsRefused()
{
    const QByteArray good = png(pictureOf(kConf));
    QVERIFY(!readImage("GIF89a"));
    QVERIFY(!readImage("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    QVERIFY(!readImage(good.left(20)));
    QVERIFY(!readImage({}));
    QImage empty(300, 300, QImage::Format_RGB32);
    empty.fill(Qt::white);
    QVERIFY(!readCode(empty));
    QVERIFY(!readCode({}));
}

/// 8 KB on disk, 64 million pixels in memory.
void SetupTest::picture_thatIsTooLargeIsNotDecoded()
{
    QImage large(8000, 8000, QImage::Format_Mono);
    large.fill(0);
    const auto image = readImage(png(large));
    QVERIFY(!image);
    QVERIFY(image.error().detail.contains(u"too large"_s));
}

void SetupTest::picture_withTwoCodesIsRefused()
{
    const QImage one = pictureOf("one");
    const QImage two = pictureOf("two");
    QImage both(one.width() * 2, one.height(), QImage::Format_RGB32);
    both.fill(Qt::white);
    QPainter painter(&both);
    painter.drawImage(0, 0, one);
    painter.drawImage(one.width(), 0, two);
    painter.end();
    QVERIFY(!readCode(both));
}

void SetupTest::offer_showsEveryLineAndNoKey()
{
    const auto offer = readOffer(
        std::span(kConf.constData(), std::size_t(kConf.size())), {u"work.conf"_s, u"/x/work.conf"_s, {}, {}});
    QVERIFY(offer);
    QCOMPARE(offer->parts.size(), std::size_t(1));
    const auto hook = std::ranges::find(offer->lines, u"PostUp"_s, &PreviewLine::key);
    QVERIFY(hook != offer->lines.end());
    QCOMPARE(hook->verdict, Verdict::Refused);
    QCOMPARE(hook->place, u"work.conf, line 4"_s);
    for (const PreviewLine &line : offer->lines)
        QVERIFY(!line.sentence.contains(u"oK56"_s) && !line.key.contains(u"oK56"_s));
}

void SetupTest::offer_fromAPictureFile()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"code.png"_s);
    QVERIFY(pictureOf(kConf).save(path));
    const auto offer = readOfferFile(path, {});
    QVERIFY2(offer, qPrintable(offer ? QString() : offer.error().detail));
    QCOMPARE(offer->lines.front().place.section(u',', 0, 0), u"code.png"_s);
    QVERIFY(!readOfferFile(folder.filePath(u"missing.png"_s), {}));
}

void SetupTest::offer_ofJsonWithoutAFileOpensNothing()
{
    const QByteArray json
        = R"( {"home":{"name":"wgnet","device":"laptop","addresses":["10.42.1.2/16"],"privateKeyFile":"/etc/shadow"}})";
    const auto offer = readOffer(std::span(json.constData(), std::size_t(json.size())), {u"clipboard"_s, {}, {}, {}});
    QVERIFY(offer);
    QVERIFY(offer->whole);
    QVERIFY(offer->whole->secrets.empty());
}

QTEST_GUILESS_MAIN(SetupTest)
#include "setup_test.moc"
