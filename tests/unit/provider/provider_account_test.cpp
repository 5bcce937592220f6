// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/ivpn_answers.h"
#include "core/provider/mullvad_account.h"
#include "core/provider/trouble.h"
#include "tests/unit/provider/provider_shapes.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class ProviderAccountTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void accountNumbersAreReadHoweverTheyAreGrouped_data();
    void accountNumbersAreReadHoweverTheyAreGrouped();
    void tokenAndExpiryAreRead();
    void devicesAreReadWithTheirCreation();
    void wrongDeviceIsRefusedWithItsPlace_data();
    void wrongDeviceIsRefusedWithItsPlace();
    void sessionBringsAddressAndTime();
    void refusalsAreTold_data();
    void refusalsAreTold();
    void waitingTimeIsBounded_data();
    void waitingTimeIsBounded();
    void everyTroubleHasASentenceWithTheProvidersName();
};

void ProviderAccountTest::accountNumbersAreReadHoweverTheyAreGrouped_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("account");
    QTest::newRow("plain") << u"1234567812345678"_s << QByteArray("1234567812345678");
    QTest::newRow("grouped") << u" 1234 5678-1234 5678\n"_s << QByteArray("1234567812345678");
    QTest::newRow("short") << u"123456781234567"_s << QByteArray();
    QTest::newRow("long") << u"12345678123456789"_s << QByteArray();
    QTest::newRow("letters") << u"1234567812345678x"_s << QByteArray();
    QTest::newRow("other digits") << u"١٢٣٤٥٦٧٨١٢٣٤٥٦٧٨"_s << QByteArray();
    QTest::newRow("nothing") << QString() << QByteArray();
}

void ProviderAccountTest::accountNumbersAreReadHoweverTheyAreGrouped()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, account);
    const auto read = parseMullvadAccount(text);
    QCOMPARE(read ? read->reveal() : QByteArray(), account);
    QVERIFY(read || !read.error().detail.contains(u"1234"_s)); // it goes into no sentence
}

void ProviderAccountTest::tokenAndExpiryAreRead()
{
    const auto token = readMullvadToken(R"({"access_token": "mva_abc", "expiry": "2026-12-02T00:00:00+00:00"})");
    QVERIFY(token);
    QCOMPARE(token->token.reveal(), QByteArray("mva_abc"));
    QCOMPARE(token->expires.toSecsSinceEpoch(), 1796169600);
    QCOMPARE(readMullvadToken(R"({"access_token": "a b", "expiry": "2026-12-02T00:00:00Z"})").error().place,
        u"access_token"_s);
    QCOMPARE(readMullvadToken(R"({"access_token": "a"})").error().place, u"expiry"_s);
    QVERIFY(readMullvadExpiry(R"({"id": "x", "expiry": "2027-01-01T00:00:00+00:00", "can_add_devices": true})"));
    QCOMPARE(readMullvadExpiry(R"({"expiry": "tomorrow"})").error().place, u"expiry"_s);
    QVERIFY(parseIvpnAccount(u" i-ABCD-EFGH-1234 "_s) && parseIvpnAccount(u"ivpnABCDEFGH"_s));
    QVERIFY(!parseIvpnAccount(u"1234567812345678"_s) && !parseIvpnAccount(u"i-\"}{"_s));
}

void ProviderAccountTest::devicesAreReadWithTheirCreation()
{
    const auto devices = readMullvadDevices("[" + mullvadDevice() + "]");
    QVERIFY2(devices, qPrintable(devices.error().place));
    QCOMPARE(devices->size(), 1U);
    const ProviderDevice &device = devices->front();
    QCOMPARE(device.id, u"a1b2-c3"_s);
    QCOMPARE(device.name, u"mellow merlin"_s);
    QCOMPARE(device.created.toUTC().date(), QDate(2026, 3, 1));
    QCOMPARE(device.addresses.size(), 2U);
    QCOMPARE(device.addresses.front().toString(), u"10.64.3.7/32"_s);
}

void ProviderAccountTest::wrongDeviceIsRefusedWithItsPlace_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("place");
    QTest::newRow("an id that leads elsewhere") << QByteArray("a1b2-c3") << QByteArray("../me") << u"devices[0].id"_s;
    QTest::newRow("no name") << QByteArray("mellow merlin") << QByteArray() << u"devices[0].name"_s;
    QTest::newRow("no key") << kKeyOne << QByteArray("x") << u"devices[0].pubkey"_s;
    QTest::newRow("no address") << QByteArray("10.64.3.7/32") << QByteArray("10.64.3.7/33")
                                << u"devices[0].ipv4_address"_s;
    QTest::newRow("no time") << QByteArray("2026-03-01T") << QByteArray("2026-13-01T") << u"devices[0].created"_s;
}

void ProviderAccountTest::wrongDeviceIsRefusedWithItsPlace()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, place);
    const auto devices = readMullvadDevices("[" + mullvadDevice().replace(from, to) + "]");
    QVERIFY(!devices);
    QCOMPARE(devices.error().place, place);
}

void ProviderAccountTest::sessionBringsAddressAndTime()
{
    const PublicKey key = *PublicKey::parse(QString::fromLatin1(kKeyOne));
    const auto session = readIvpnSession(ivpnSession(), key);
    QVERIFY2(session, qPrintable(session.error().place));
    QCOMPARE(session->token.reveal(), QByteArray("t0ken"));
    QCOMPARE(session->device->addresses.front().toString(), u"172.27.4.5/32"_s);
    QVERIFY(session->device->publicKey == key);
    QCOMPARE(session->accountExpires.toSecsSinceEpoch(), 1800000000);
    QCOMPARE(readIvpnSession(R"({"token": "t"})", key).error().place, u"wireguard"_s);
    QCOMPARE(
        readIvpnAddresses(R"({"status": 200, "ip_address": "172.27.4.6"})")->front().toString(), u"172.27.4.6/32"_s);
    QCOMPARE(readIvpnAddresses(R"({"status": 200, "ip_address": "nowhere"})").error().place, u"ip_address"_s);
    QVERIFY(isIvpnGood(R"({"status": 200})") && !isIvpnGood(R"({"status": 601})") && !isIvpnGood("<html>"));
}

void ProviderAccountTest::refusalsAreTold_data()
{
    QTest::addColumn<bool>("mullvad");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ProviderTrouble>("trouble");
    const auto mullvad = [](const char *code, int status, ProviderTrouble trouble) {
        QTest::newRow(code) << true << status << QByteArray(R"({"code": ")") + code + R"(", "detail": "x"})" << trouble;
    };
    mullvad("MAX_DEVICES_REACHED", 400, ProviderTrouble::DeviceLimit);
    mullvad("PUBKEY_IN_USE", 400, ProviderTrouble::KeyInUse);
    mullvad("INVALID_ACCOUNT", 401, ProviderTrouble::WrongAccount);
    mullvad("DEVICE_NOT_FOUND", 404, ProviderTrouble::DeviceGone);
    mullvad("INVALID_ACCESS_TOKEN", 401, ProviderTrouble::TokenInvalid);
    mullvad("SOMETHING_NEW", 400, ProviderTrouble::Refused);
    mullvad("THROTTLED", 429, ProviderTrouble::RateLimited);
    QTest::newRow("a gateway") << true << 502 << QByteArray("<html>") << ProviderTrouble::Down;
    QTest::newRow("no such form") << true << 404 << QByteArray("{}") << ProviderTrouble::NotThere;
    QTest::newRow("a redirection") << true << 302 << QByteArray() << ProviderTrouble::Unreadable;
    const auto ivpn = [](int code, ProviderTrouble trouble) {
        QTest::addRow("IVPN %d", code) << false << 200 << QByteArray(R"({"status": )") + QByteArray::number(code) + "}"
                                       << trouble;
    };
    ivpn(401, ProviderTrouble::WrongAccount);
    ivpn(424, ProviderTrouble::DeviceGone);
    ivpn(601, ProviderTrouble::TokenInvalid);
    ivpn(602, ProviderTrouble::DeviceLimit);
    ivpn(702, ProviderTrouble::AccountExpired);
    ivpn(70001, ProviderTrouble::Captcha);
    ivpn(70011, ProviderTrouble::SecondFactor);
    ivpn(70012, ProviderTrouble::SecondFactor);
    ivpn(999, ProviderTrouble::Refused);
    QTest::newRow("IVPN throttles") << false << 429 << QByteArray("{}") << ProviderTrouble::RateLimited;
}

void ProviderAccountTest::refusalsAreTold()
{
    QFETCH(bool, mullvad);
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(ProviderTrouble, trouble);
    const HttpAnswer answer{status, body, 90s};
    const ProviderError error = mullvad ? mullvadRefusal(answer) : ivpnRefusal(answer);
    QCOMPARE(error.trouble, trouble);
    QCOMPARE(error.retryAfter, trouble == ProviderTrouble::RateLimited || trouble == ProviderTrouble::Down ? 90s : 0s);
}

void ProviderAccountTest::waitingTimeIsBounded_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("seconds") << QByteArray("120") << qint64(120);
    QTest::newRow("a date") << QByteArray("Tue, 01 Dec 2026 00:01:00 GMT") << qint64(60);
    QTest::newRow("the past") << QByteArray("Tue, 01 Dec 2020 00:01:00 GMT") << qint64(0);
    QTest::newRow("a year") << QByteArray("31536000") << qint64(86400);
    QTest::newRow("negative") << QByteArray("-5") << qint64(0);
    QTest::newRow("too many digits") << QByteArray("99999999999999999999") << qint64(0);
    QTest::newRow("nothing") << QByteArray() << qint64(0);
    QTest::newRow("words") << QByteArray("soon") << qint64(0);
}

void ProviderAccountTest::waitingTimeIsBounded()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, seconds);
    QCOMPARE(retryAfter(header, 1796083200), std::chrono::seconds(seconds)); // 2026-12-01
}

void ProviderAccountTest::everyTroubleHasASentenceWithTheProvidersName()
{
    QSet<QString> sentences;
    constexpr int kTroubles = static_cast<int>(ProviderTrouble::Refused) + 1;
    for (int trouble = 0; trouble < kTroubles; ++trouble) {
        const QString sentence = sentenceOf(ProviderError(static_cast<ProviderTrouble>(trouble)), u"Mullvad"_s);
        QVERIFY(sentence.contains(u"Mullvad"_s));
        QVERIFY(!sentence.contains(u'%'));
        sentences.insert(sentence);
    }
    QCOMPARE(sentences.size(), kTroubles - 1); // a missing form of a list is a refusal to a person
    const QString wait = sentenceOf({ProviderTrouble::RateLimited, {}, 61s}, u"IVPN"_s);
    QVERIFY2(wait.contains(u"2 min"_s), qPrintable(wait));
}

QTEST_GUILESS_MAIN(ProviderAccountTest)
#include "provider_account_test.moc"
