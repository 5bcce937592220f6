// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/dns_message.h"
#include "tests/unit/mesh/dns_bytes.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr quint16 kId = 0x1234;
constexpr quint16 kA = 1;
constexpr quint16 kAlias = 5;
constexpr quint16 kAuthority = 6;
constexpr quint16 kAaaa = 28;

DnsQuestion question(Family family = Family::IPv4)
{
    return *questionFor(u"nas.example.org"_s, family);
}

DnsMessage answer(std::vector<DnsRecord> answers, Family family = Family::IPv4)
{
    DnsMessage message;
    message.id = kId;
    message.question = questionOf(encodeQuestion(question(family), kId));
    message.answers = std::move(answers);
    return message;
}

DnsRecord four(const QString &owner, const QString &address, quint32 lifetime = 300)
{
    return {owner, kA, lifetime, dnsAddress(address)};
}

QStringList texts(const std::optional<DnsReply> &reply)
{
    QStringList list;
    for (const IpAddress &address : reply ? reply->addresses : std::vector<IpAddress>())
        list.append(address.toString());
    return list;
}

std::optional<DnsReply> decoded(const DnsMessage &message, Family family = Family::IPv4)
{
    return decodeReply(message.bytes(), question(family), kId);
}

} // namespace

class DnsMessageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void questionIsAsTheStandardSays();
    void namesThatCannotBeAsked_areNone();
    void addressesAndTheShortestLifetimeAreTaken();
    void ipv6IsAskedApart();
    void aliasesAreFollowed_strangersAreNot();
    void whatNobodyElseCanHaveIsDropped();
    void hundredsOfRecords_areBounded();
    void absenceLastsAsLongAsTheAuthoritySays();
    void otherErrorsAreNoAnswer();
    void answersToSomethingElseAreNone_data();
    void answersToSomethingElseAreNone();
    void everyTruncationAndEveryChangedByteIsSurvived();
    void pointersThatGoInCirclesEnd();
};

void DnsMessageTest::questionIsAsTheStandardSays()
{
    QCOMPARE(encodeQuestion(question(), kId).toHex(),
        "12340100000100000000000003"
        "6e6173076578616d706c65036f72670000010001"_ba);
}

void DnsMessageTest::namesThatCannotBeAsked_areNone()
{
    QVERIFY(questionFor(u"a.example.org."_s, Family::IPv4));
    QVERIFY(!questionFor({}, Family::IPv4));
    QVERIFY(!questionFor(u"a..b"_s, Family::IPv4));
    QVERIFY(!questionFor(QString(64, u'a'), Family::IPv4));
    QVERIFY(!questionFor(QString(u"abcdefg."_s).repeated(40), Family::IPv4));
}

void DnsMessageTest::addressesAndTheShortestLifetimeAreTaken()
{
    const auto reply = decoded(answer({four(u"NAS.example.org"_s, u"203.0.113.7"_s, 60),
        four(u"nas.example.org"_s, u"203.0.113.8"_s, 900), four(u"nas.example.org"_s, u"203.0.113.7"_s, 900)}));
    QCOMPARE(texts(reply), QStringList({u"203.0.113.7"_s, u"203.0.113.8"_s}));
    QCOMPARE(reply->lifetime, 60s);
}

void DnsMessageTest::ipv6IsAskedApart()
{
    const DnsRecord six{u"nas.example.org"_s, kAaaa, 300, dnsAddress(u"2001:db8::7"_s)};
    QCOMPARE(texts(decoded(answer({six}, Family::IPv6), Family::IPv6)), QStringList{u"2001:db8::7"_s});
    QCOMPARE(decoded(answer({six}))->kind, DnsReply::Kind::Absent);
}

void DnsMessageTest::aliasesAreFollowed_strangersAreNot()
{
    const auto reply = decoded(answer({{u"nas.example.org"_s, kAlias, 30, dnsName(u"Host.example.net"_s)},
        four(u"host.example.net"_s, u"203.0.113.7"_s, 900), four(u"evil.example.net"_s, u"203.0.113.66"_s, 1)}));
    QCOMPARE(texts(reply), QStringList{u"203.0.113.7"_s});
    QCOMPARE(reply->lifetime, 30s);
    // One that leads nowhere, and one that leads back.
    const auto nowhere = decoded(answer({{u"nas.example.org"_s, kAlias, 30, dnsName(u"nas.example.org"_s)}}));
    QCOMPARE(nowhere->kind, DnsReply::Kind::Absent);
}

void DnsMessageTest::whatNobodyElseCanHaveIsDropped()
{
    std::vector<DnsRecord> records;
    for (const QString &address : {u"127.0.0.1"_s, u"0.0.0.0"_s, u"0.1.2.3"_s, u"224.0.0.1"_s, u"255.255.255.255"_s,
             u"240.0.0.1"_s, u"169.254.1.1"_s, u"192.168.1.5"_s})
        records.push_back(four(u"nas.example.org"_s, address));
    QCOMPARE(texts(decoded(answer(records))), QStringList{u"192.168.1.5"_s});
    records.clear();
    for (const QString &address : {u"::"_s, u"::1"_s, u"::ffff:127.0.0.1"_s, u"ff02::1"_s, u"fe80::1"_s, u"fd00::1"_s})
        records.push_back({u"nas.example.org"_s, kAaaa, 300, dnsAddress(address)});
    QCOMPARE(texts(decoded(answer(records, Family::IPv6), Family::IPv6)), QStringList{u"fd00::1"_s});
}

void DnsMessageTest::hundredsOfRecords_areBounded()
{
    std::vector<DnsRecord> records;
    for (int i = 0; i < 900; ++i)
        records.push_back(four(u"nas.example.org"_s, u"198.51.%1.%2"_s.arg(i / 250).arg(i % 250 + 1)));
    QCOMPARE(decoded(answer(records))->addresses.size(), kMostAddresses);
}

void DnsMessageTest::absenceLastsAsLongAsTheAuthoritySays()
{
    QByteArray numbers = dnsName(u"ns"_s) + dnsName(u"root"_s) + QByteArray(16, '\0') + QByteArray::fromHex("0000000a");
    DnsMessage none = answer({});
    none.authority = {{u"example.org"_s, kAuthority, 3600, numbers}};
    QCOMPARE(decoded(none)->kind, DnsReply::Kind::Absent);
    QCOMPARE(decoded(none)->lifetime, 10s);
    none.flags |= 3;
    QCOMPARE(decoded(none)->kind, DnsReply::Kind::Absent);
    none.authority.clear();
    QCOMPARE(decoded(none)->lifetime, 60s);
}

void DnsMessageTest::otherErrorsAreNoAnswer()
{
    for (const quint16 code : {1, 2, 4, 5}) {
        DnsMessage message = answer({four(u"nas.example.org"_s, u"203.0.113.7"_s)});
        message.flags |= code;
        QCOMPARE(decoded(message)->kind, DnsReply::Kind::Refused);
    }
    DnsMessage cut = answer({});
    cut.flags |= 0x0200;
    QCOMPARE(decoded(cut)->kind, DnsReply::Kind::Truncated);
}

void DnsMessageTest::answersToSomethingElseAreNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const DnsMessage good = answer({four(u"nas.example.org"_s, u"203.0.113.7"_s)});
    DnsMessage other = good;
    other.id = 0x4321;
    QTest::newRow("other number") << other.bytes();
    other = good;
    other.flags = 0x0100;
    QTest::newRow("a question") << other.bytes();
    other = good;
    other.question = questionOf(encodeQuestion(*questionFor(u"nas.example.net"_s, Family::IPv4), kId));
    QTest::newRow("other name") << other.bytes();
    other.question = questionOf(encodeQuestion(question(Family::IPv6), kId));
    QTest::newRow("other family") << other.bytes();
    other.question.clear();
    QTest::newRow("no question") << other.bytes();
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("noise") << QByteArray(512, '\xff');
}

void DnsMessageTest::answersToSomethingElseAreNone()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!decodeReply(bytes, question(), kId));
}

void DnsMessageTest::everyTruncationAndEveryChangedByteIsSurvived()
{
    const QByteArray good = answer({{u"nas.example.org"_s, kAlias, 30, dnsName(u"host.example.net"_s)},
                                       four(u"host.example.net"_s, u"203.0.113.7"_s)})
                                .bytes();
    QVERIFY(decodeReply(good, question(), kId));
    for (qsizetype size = 0; size < good.size(); ++size)
        QVERIFY(!decodeReply(good.first(size), question(), kId));
    for (qsizetype at = 0; at < good.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            QByteArray changed = good;
            changed[at] = char(value);
            const auto reply = decodeReply(changed, question(), kId);
            QVERIFY(!reply || reply->addresses.size() <= 1);
        }
    }
}

void DnsMessageTest::pointersThatGoInCirclesEnd()
{
    DnsMessage message = answer({});
    QByteArray bytes = message.bytes();
    bytes[7] = 1; // an answer whose name points to itself
    bytes += QByteArray::fromHex("c021") + QByteArray::fromHex("000100010000003c0004cb007107");
    QVERIFY(!decodeReply(bytes, question(), kId));
    // And one that points to the question, as everybody's do.
    bytes = message.bytes();
    bytes[7] = 1;
    bytes += QByteArray::fromHex("c00c") + QByteArray::fromHex("000100010000003c0004cb007107");
    QCOMPARE(texts(decodeReply(bytes, question(), kId)), QStringList{u"203.0.113.7"_s});
}

QTEST_GUILESS_MAIN(DnsMessageTest)
#include "dns_message_test.moc"
