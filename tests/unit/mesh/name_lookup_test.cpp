// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/name_lookup.h"
#include "tests/unit/mesh/dns_bytes.h"
#include "tests/unit/mesh/stub_resolver.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr quint16 kAaaa = 28;

bool isAboutIpv6(const QByteArray &question)
{
    return questionOf(question).endsWith(QByteArray::fromHex("001c0001"));
}

QByteArray answerTo(const QByteArray &question, const QStringList &addresses, quint16 flags = 0x8180)
{
    DnsMessage message;
    message.id = quint16(quint8(question[0]) << 8 | quint8(question[1]));
    message.flags = flags;
    message.question = questionOf(question);
    for (const QString &address : addresses) {
        const bool isSix = address.contains(u':');
        if (isSix == isAboutIpv6(question))
            message.answers.push_back({u"nas.example.org"_s, isSix ? kAaaa : quint16(1), 120, dnsAddress(address)});
    }
    return message.bytes();
}

struct Told {
    QString name;
    QStringList addresses;
    std::chrono::seconds lifetime{0};
};

/// A lookup that asks the given servers, and what it has told.
struct Asking {
    explicit Asking(std::vector<Endpoint> servers)
        : lookup([servers](const QString &, const NameServers::Found &found) { found(servers); })
    {
        QObject::connect(&lookup, &NameLookup::resolved, &lookup,
            [this](const QString &name, const std::vector<IpAddress> &addresses, std::chrono::seconds lifetime) {
                Told one{name, {}, lifetime};
                for (const IpAddress &address : addresses)
                    one.addresses.append(address.toString());
                told.push_back(one);
            });
    }
    NameLookup lookup;
    std::vector<Told> told;
};

const QString &nas()
{
    static const QString name = u"nas.example.org"_s;
    return name;
}

} // namespace

class NameLookupTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothFamiliesAreFound();
    void aSilentFamilyKeepsNobodyWaiting();
    void whatOneFamilyDoesNotSay_staysAsItWasKnown();
    void silence_endsWithinTheLimit();
    void theNextServerIsAskedWhenOneRefuses();
    void aLongAnswerComesOverAStream();
    void wrongAnswersAreNotBelieved();
    void noServer_isNoAnswer();
    void atMostAFewAreAskedAtOnce();
};

void NameLookupTest::bothFamiliesAreFound()
{
    StubResolver resolver([](const QByteArray &question, bool) {
        return std::vector{answerTo(question, {u"203.0.113.7"_s, u"2001:db8::7"_s})};
    });
    Asking asking({resolver.endpoint()});
    asking.lookup.ask(nas());
    asking.lookup.ask(nas());
    QTRY_VERIFY(!asking.told.empty() && asking.told.back().addresses.size() == 2);
    QCOMPARE(asking.told.back().addresses, QStringList({u"203.0.113.7"_s, u"2001:db8::7"_s}));
    QCOMPARE(asking.told.back().lifetime, 120s);
    QCOMPARE(resolver.questions(), 2);
}

void NameLookupTest::aSilentFamilyKeepsNobodyWaiting()
{
    StubResolver resolver([](const QByteArray &question, bool) {
        return isAboutIpv6(question) ? std::vector<QByteArray>() : std::vector{answerTo(question, {u"203.0.113.7"_s})};
    });
    Asking asking({resolver.endpoint()});
    QElapsedTimer timer;
    timer.start();
    asking.lookup.ask(nas());
    QTRY_COMPARE(asking.told.size(), 1U);
    QVERIFY(std::chrono::milliseconds(timer.elapsed()) < 1s);
    QCOMPARE(asking.told.front().addresses, QStringList{u"203.0.113.7"_s});
}

void NameLookupTest::whatOneFamilyDoesNotSay_staysAsItWasKnown()
{
    QStringList there = {u"203.0.113.7"_s, u"2001:db8::7"_s};
    quint16 flagsOfSix = 0x8180;
    StubResolver resolver([&](const QByteArray &question, bool) {
        return std::vector{answerTo(question, there, isAboutIpv6(question) ? flagsOfSix : 0x8180)};
    });
    Asking asking({resolver.endpoint()});
    asking.lookup.ask(nas());
    QTRY_VERIFY(!asking.told.empty() && asking.told.back().addresses.size() == 2);
    // IPv4 is another one, and the server does not know about IPv6 at the moment.
    there = {u"203.0.113.8"_s};
    flagsOfSix = 0x8182;
    asking.told.clear();
    asking.lookup.ask(nas());
    QTRY_VERIFY(!asking.told.empty());
    QCOMPARE(asking.told.back().addresses, QStringList({u"203.0.113.8"_s, u"2001:db8::7"_s}));
    // There is none any more: that is an answer.
    flagsOfSix = 0x8180;
    QTRY_VERIFY_WITH_TIMEOUT(
        (asking.lookup.ask(nas()), asking.told.back().addresses == QStringList{u"203.0.113.8"_s}), 15000);
}

void NameLookupTest::silence_endsWithinTheLimit()
{
    StubResolver resolver([](const QByteArray &, bool) { return std::vector<QByteArray>(); });
    Asking asking({resolver.endpoint()});
    QElapsedTimer timer;
    timer.start();
    asking.lookup.ask(nas());
    QTRY_COMPARE_WITH_TIMEOUT(asking.told.size(), 1U, 10000);
    QVERIFY(std::chrono::milliseconds(timer.elapsed()) < DnsExchange::kLimit + 1s);
    QVERIFY(asking.told.front().addresses.isEmpty());
}

void NameLookupTest::theNextServerIsAskedWhenOneRefuses()
{
    StubResolver refusing([](const QByteArray &question, bool) { return std::vector{answerTo(question, {}, 0x8185)}; });
    StubResolver good(
        [](const QByteArray &question, bool) { return std::vector{answerTo(question, {u"203.0.113.7"_s})}; });
    Asking asking({refusing.endpoint(), good.endpoint()});
    QElapsedTimer timer;
    timer.start();
    asking.lookup.ask(nas());
    QTRY_VERIFY(!asking.told.empty());
    QVERIFY(std::chrono::milliseconds(timer.elapsed()) < 1s);
    QCOMPARE(asking.told.front().addresses, QStringList{u"203.0.113.7"_s});
}

void NameLookupTest::aLongAnswerComesOverAStream()
{
    QStringList many;
    for (int i = 1; i <= 300; ++i)
        many.append(u"198.51.%1.%2"_s.arg(i / 200).arg(i % 200 + 1));
    StubResolver resolver([&](const QByteArray &question, bool isStream) {
        return std::vector{isStream ? answerTo(question, many) : answerTo(question, {}, 0x8380)};
    });
    Asking asking({resolver.endpoint()});
    asking.lookup.ask(nas());
    QTRY_VERIFY(!asking.told.empty() && !asking.told.back().addresses.isEmpty());
    QCOMPARE(asking.told.back().addresses.size(), qsizetype(kMostAddresses));
}

void NameLookupTest::wrongAnswersAreNotBelieved()
{
    StubResolver resolver([](const QByteArray &question, bool) {
        std::vector<QByteArray> answers;
        for (int guess = 1; guess <= 100; ++guess) {
            QByteArray forged = answerTo(question, {u"203.0.113.66"_s, u"2001:db8::66"_s});
            forged[0] = char(quint8(forged[0]) ^ guess);
            answers.push_back(forged);
        }
        answers.push_back(QByteArray(400, '\xa5'));
        answers.push_back(answerTo(question, {u"203.0.113.7"_s, u"2001:db8::7"_s}));
        return answers;
    });
    Asking asking({resolver.endpoint()});
    asking.lookup.ask(nas());
    QTRY_VERIFY(!asking.told.empty() && asking.told.back().addresses.size() == 2);
    QCOMPARE(asking.told.back().addresses, QStringList({u"203.0.113.7"_s, u"2001:db8::7"_s}));
}

void NameLookupTest::noServer_isNoAnswer()
{
    Asking asking({});
    asking.lookup.ask(nas());
    QTRY_COMPARE(asking.told.size(), 1U);
    QVERIFY(asking.told.front().addresses.isEmpty());
    QCOMPARE(asking.told.front().lifetime, 60s);
}

void NameLookupTest::atMostAFewAreAskedAtOnce()
{
    std::size_t open = 0;
    std::vector<NameServers::Found> waiting;
    NameLookup lookup([&](const QString &, const NameServers::Found &found) {
        ++open;
        waiting.push_back(found);
    });
    std::size_t told = 0;
    QObject::connect(&lookup, &NameLookup::resolved, &lookup, [&] { ++told; });
    for (int i = 0; i < 20; ++i)
        lookup.ask(u"host%1.example.org"_s.arg(i));
    QTRY_COMPARE(open, NameLookup::kMostAtOnce);
    while (!waiting.empty()) {
        const auto found = waiting.back();
        waiting.pop_back();
        found({});
        QTest::qWait(1);
        QVERIFY(open - told <= NameLookup::kMostAtOnce);
    }
    QCOMPARE(told, 20U);
}

QTEST_GUILESS_MAIN(NameLookupTest)
#include "name_lookup_test.moc"
