// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/answer_budget.h"
#include "core/probe/garbage_budget.h"
#include "core/probe/replay_memory.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace std::chrono_literals;

namespace {

PathTime at(std::chrono::microseconds sinceStart)
{
    return PathTime(1h + sinceStart);
}

template<class Value>
Value numbered(Value value, quint32 number)
{
    for (std::size_t i = 0; i < 4; ++i)
        value[i] = static_cast<quint8>(number >> 8 * i);
    return value;
}

ReplayMemory::Nonce nonce(quint32 number)
{
    return numbered(ReplayMemory::Nonce{}, number);
}

PublicKey peer(quint32 number)
{
    return {numbered(std::array<quint8, kKeySize>{}, number)};
}

IpAddress source(quint32 number)
{
    return IpAddress::fromBytes(Family::IPv6, numbered(std::array<quint8, 16>{}, number));
}

/// How many of the questions that `ask` puts every `step` are answered.
template<class Ask>
int answered(std::chrono::microseconds from, std::chrono::microseconds to, std::chrono::microseconds step, Ask ask)
{
    int count = 0;
    for (auto time = from; time < to; time += step)
        count += ask(at(time)) ? 1 : 0;
    return count;
}

} // namespace

class ProbeBudgetsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNonceIsNewOnce();
    void aNonceIsForgottenAfterTwoMinutes();
    void theOldestNonceGoesFirst();
    void memoryOfNoncesIsBounded();
    void aClockThatGoesBackForgetsNothing();

    void onePeerGetsTenASecond();
    void oneSourceGetsTwentyASecond();
    void allTogetherGetTwoHundredASecond();
    void whatIsRefusedCostsNobodyAnything();
    void memoryOfSourcesIsBounded();
    void aClockThatGoesBackDriesNothingUp();

    void garbageIsTriedTwoThousandTimesASecond();
    void probesThatOpenCostNothing();
    void aFloodFromElsewhereHidesNoAnswer();
    void aForgedSourceHasAnEnd();
    void memoryOfExpectedSourcesIsBounded();
};

void ProbeBudgetsTest::aNonceIsNewOnce()
{
    ReplayMemory memory;
    QVERIFY(memory.isNew(nonce(1), at(0s)));
    QVERIFY(!memory.isNew(nonce(1), at(0s)));
    QVERIFY(!memory.isNew(nonce(1), at(119s)));
    QVERIFY(memory.isNew(nonce(2), at(119s)));
}

void ProbeBudgetsTest::aNonceIsForgottenAfterTwoMinutes()
{
    ReplayMemory memory;
    QVERIFY(memory.isNew(nonce(1), at(0s)));
    QVERIFY(!memory.isNew(nonce(1), at(120s))); // hearing it again makes it no younger
    QVERIFY(memory.isNew(nonce(2), at(121s)));
    QCOMPARE(memory.size(), std::size_t(1));
}

void ProbeBudgetsTest::theOldestNonceGoesFirst()
{
    ReplayMemory memory;
    for (quint32 i = 0; i < 4097; ++i)
        QVERIFY(memory.isNew(nonce(i), at(1ms * i)));
    for (quint32 i = 1; i < 4097; ++i)
        QVERIFY(!memory.isNew(nonce(i), at(5s)));
    QVERIFY(memory.isNew(nonce(0), at(5s)));
}

void ProbeBudgetsTest::memoryOfNoncesIsBounded()
{
    ReplayMemory memory;
    for (quint32 i = 0; i < 50000; ++i) {
        memory.isNew(nonce(i), at(1ms * i));
        QVERIFY(memory.size() <= 4096);
    }
    QCOMPARE(memory.size(), std::size_t(4096));
}

void ProbeBudgetsTest::aClockThatGoesBackForgetsNothing()
{
    ReplayMemory memory;
    QVERIFY(memory.isNew(nonce(1), at(0s)));
    QVERIFY(memory.isNew(nonce(2), at(-30min)));
    QVERIFY(!memory.isNew(nonce(1), at(-30min)));
    QVERIFY(!memory.isNew(nonce(2), at(-30min + 1s)));
}

void ProbeBudgetsTest::onePeerGetsTenASecond()
{
    AnswerBudget budget;
    quint32 asked = 0;
    const auto ask = [&](PathTime now) { return budget.allows(peer(1), source(++asked), now); };
    QCOMPARE(answered(0s, 10s, 1ms, ask), 10 + 99); // ten at once, then one every 100 ms
    QCOMPARE(answered(15s, 15s + 1us, 1us, ask), 1);
    QVERIFY(budget.allows(peer(2), source(1), at(16s)));
}

void ProbeBudgetsTest::oneSourceGetsTwentyASecond()
{
    AnswerBudget budget;
    quint32 asked = 0;
    const auto ask = [&](PathTime now) { return budget.allows(peer(++asked), source(1), now); };
    QCOMPARE(answered(0s, 10s, 1ms, ask), 20 + 199);
    QVERIFY(budget.allows(peer(1), source(2), at(10s)));
}

void ProbeBudgetsTest::allTogetherGetTwoHundredASecond()
{
    AnswerBudget budget;
    quint32 asked = 0;
    const auto ask = [&](PathTime now) {
        ++asked;
        return budget.allows(peer(asked), source(asked), now);
    };
    QCOMPARE(answered(0s, 5s, 100us, ask), 200 + 999);
}

void ProbeBudgetsTest::whatIsRefusedCostsNobodyAnything()
{
    AnswerBudget budget;
    for (int i = 0; i < 10; ++i)
        QVERIFY(budget.allows(peer(1), source(1), at(0s)));
    for (int i = 0; i < 1000; ++i)
        QVERIFY(!budget.allows(peer(1), source(1), at(0s)));
    for (int i = 0; i < 10; ++i)
        QVERIFY(budget.allows(peer(2), source(1), at(0s))); // the source had ten left
    QVERIFY(!budget.allows(peer(3), source(1), at(0s)));
}

void ProbeBudgetsTest::memoryOfSourcesIsBounded()
{
    AnswerBudget budget;
    std::size_t most = 0;
    quint32 asked = 0;
    const auto ask = [&](PathTime now) {
        ++asked;
        const bool isAllowed = budget.allows(peer(asked), source(asked), now);
        most = std::max(most, budget.size());
        return isAllowed;
    };
    QCOMPARE(answered(0s, 20s, 100us, ask), 200 + 3999);
    QCOMPARE(answered(-1h, -1h + 20s, 100us, ask), 3999); // and with a clock that goes back
    QVERIFY2(most <= 2 * 800, qPrintable(QString::number(most)));
}

void ProbeBudgetsTest::aClockThatGoesBackDriesNothingUp()
{
    AnswerBudget budget;
    for (int i = 0; i < 10; ++i)
        QVERIFY(budget.allows(peer(1), source(1), at(0s)));
    const auto ask = [&](PathTime now) { return budget.allows(peer(1), source(1), now); };
    QCOMPARE(answered(-1h, -1h + 1s, 1ms, ask), 9); // as fast as ever
}

void ProbeBudgetsTest::garbageIsTriedTwoThousandTimesASecond()
{
    GarbageBudget budget;
    quint32 heard = 0;
    const auto hear = [&](PathTime now) {
        const bool isTried = budget.allows(source(++heard), now);
        if (isTried)
            budget.wasGarbage(source(heard), now);
        return isTried;
    };
    QCOMPARE(answered(0s, 3s, 10us, hear), 2000 + 2 * 2000 + 1999); // of 300,000
    QCOMPARE(budget.size(), std::size_t(0));
}

void ProbeBudgetsTest::probesThatOpenCostNothing()
{
    GarbageBudget budget;
    QCOMPARE(answered(0s, 1s, 10us, [&](PathTime now) { return budget.allows(source(1), now); }), 100000);
}

void ProbeBudgetsTest::aFloodFromElsewhereHidesNoAnswer()
{
    GarbageBudget budget;
    budget.expect(source(7), at(0s));
    const auto flood = [&](PathTime now) {
        for (int i = 0; i < 100000; ++i)
            budget.wasGarbage(source(1), now);
    };
    flood(at(1s));
    QVERIFY(!budget.allows(source(2), at(1s)));
    QVERIFY(budget.allows(source(7), at(1s)));
    flood(at(121s));
    QVERIFY(!budget.allows(source(7), at(121s))); // it is nobody special any more
}

void ProbeBudgetsTest::aForgedSourceHasAnEnd()
{
    GarbageBudget budget;
    budget.expect(source(7), at(0s));
    const auto hear = [&](PathTime now) {
        const bool isTried = budget.allows(source(7), now);
        if (isTried)
            budget.wasGarbage(source(7), now);
        return isTried;
    };
    QCOMPARE(answered(0s, 1s, 10us, hear), 1000 + 999);
    QVERIFY(budget.allows(source(1), at(1s)));
}

void ProbeBudgetsTest::memoryOfExpectedSourcesIsBounded()
{
    GarbageBudget budget;
    for (quint32 i = 0; i < 5000; ++i) {
        budget.expect(source(i), at(1ms * i));
        QVERIFY(budget.size() <= 1024);
    }
    for (int i = 0; i < 2000; ++i)
        budget.wasGarbage(source(9999), at(5s));
    QVERIFY(budget.allows(source(4999), at(5s)));
    QVERIFY(budget.allows(source(5000 - 1024), at(5s)));
    QVERIFY(!budget.allows(source(5000 - 1025), at(5s)));
}

QTEST_GUILESS_MAIN(ProbeBudgetsTest)
#include "probe_budgets_test.moc"
