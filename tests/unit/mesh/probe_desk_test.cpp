// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/pair_key.h"
#include "mesh/probe_desk.h"

#include <QTest>

#include <sodium.h>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// One of two devices that know each other.
struct Side {
    SecretKey secret = SecretKey::generatePrivate();
    PublicKey key = secret.publicKey();
    ProbeDesk desk;

    void meet(const Side &other)
    {
        PairKeys keys;
        keys.emplace_back(other.key, *pairKeyOf(secret, other.key));
        desk.setHome(key, std::move(keys));
    }
};

Endpoint place(const char *text)
{
    return *Endpoint::parse(QLatin1StringView(text).toString());
}

meshlink::ProbeArrived arrived(const QByteArray &payload, const char *source = "198.51.100.1:53333")
{
    return {place(source), *IpAddress::parse(u"203.0.113.1"), 2, payload};
}

constexpr PathTime kNow{1000s};

} // namespace

class ProbeDeskTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatAPeerHasSealedIsOpened();
    void aSecondTimeItIsNot();
    void repeatingKeepsNobodyFromBeingHeard();
    void questionsAreBounded_answersAreNot();
    void strangersCannotBeSealedFor();
    void whenHomeIsOff_nothingIsOpened();
    void aFloodDoesNotHideWhoIsExpected();

private:
    QByteArray question(quint64 transaction = 1)
    {
        return *m_there->desk.seal(
            {m_here->key, Ping{.transaction = transaction}, place("203.0.113.1:53333"), 0}, kNow);
    }

    std::unique_ptr<Side> m_here;
    std::unique_ptr<Side> m_there;
};

void ProbeDeskTest::init()
{
    m_here = std::make_unique<Side>();
    m_there = std::make_unique<Side>();
    m_here->meet(*m_there);
    m_there->meet(*m_here);
}

void ProbeDeskTest::whatAPeerHasSealedIsOpened()
{
    const auto opened = m_here->desk.open(arrived(question(77)), kNow);
    QVERIFY(opened.has_value());
    QCOMPARE(opened->peer, m_there->key);
    QCOMPARE(std::get<Ping>(opened->probe).transaction, 77U);
}

void ProbeDeskTest::aSecondTimeItIsNot()
{
    const QByteArray payload = question();
    QVERIFY(m_here->desk.open(arrived(payload), kNow));
    QVERIFY(!m_here->desk.open(arrived(payload), kNow + 1s));
    QVERIFY(!m_here->desk.open(arrived(payload, "192.0.2.66:1"), kNow + 2s));
}

void ProbeDeskTest::repeatingKeepsNobodyFromBeingHeard()
{
    const QByteArray payload = question();
    for (int i = 0; i < 1000; ++i)
        m_here->desk.open(arrived(payload), kNow);
    QVERIFY(m_here->desk.open(arrived(question(2)), kNow));
}

void ProbeDeskTest::questionsAreBounded_answersAreNot()
{
    quint32 heard = 0;
    for (quint64 i = 0; i < 100; ++i)
        heard += m_here->desk.open(arrived(question(i)), kNow) ? 1 : 0;
    QCOMPARE(heard, AnswerBudget::kPerPeer);
    const Pong pong{1, place("203.0.113.1:53333"), *IpAddress::parse(u"198.51.100.1"), {}, {}};
    const auto answer = m_there->desk.seal({m_here->key, pong, place("203.0.113.1:53333"), 0}, kNow);
    QVERIFY(m_here->desk.open(arrived(*answer), kNow));
    QVERIFY(m_here->desk.open(arrived(question(200)), kNow + 1s));
}

void ProbeDeskTest::strangersCannotBeSealedFor()
{
    QVERIFY(!m_here->desk.seal({SecretKey::generatePrivate().publicKey(), Ping{}, place("203.0.113.1:1"), 0}, kNow));
}

void ProbeDeskTest::whenHomeIsOff_nothingIsOpened()
{
    const QByteArray payload = question();
    m_here->desk.close();
    QVERIFY(!m_here->desk.open(arrived(payload), kNow));
    QVERIFY(!m_here->desk.seal({m_there->key, Ping{}, place("203.0.113.1:1"), 0}, kNow));
}

void ProbeDeskTest::aFloodDoesNotHideWhoIsExpected()
{
    QVERIFY(m_here->desk.seal({m_there->key, Ping{}, place("198.51.100.1:53333"), 0}, kNow));
    QByteArray garbage(128, '\0');
    for (int i = 0; i < 20000; ++i) {
        randombytes_buf(garbage.data(), std::size_t(garbage.size()));
        QVERIFY(!m_here->desk.open(arrived(garbage, "192.0.2.66:9"), kNow));
    }
    QVERIFY(m_here->desk.open(arrived(question()), kNow));
}

QTEST_GUILESS_MAIN(ProbeDeskTest)
#include "probe_desk_test.moc"
