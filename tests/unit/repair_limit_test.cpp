// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/repair_limit.h"

#include <QTest>

using namespace sallyport;
using namespace std::chrono_literals;

class RepairLimitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fiveInAMinuteThenRest()
    {
        RepairLimit limit;
        for (int i = 0; i < 5; ++i) {
            QVERIFY(limit.isAllowed(m_start + i * 1s));
            limit.note(m_start + i * 1s);
        }
        QVERIFY(!limit.isAllowed(m_start + 5s));
        QCOMPARE(limit.rest(m_start + 5s), RepairLimit::Clock::duration(59s));
        QVERIFY(!limit.isAllowed(m_start + 63s));
        QVERIFY(limit.isAllowed(m_start + 64s));
    }

    void fewInAMinuteGoOnForever()
    {
        RepairLimit limit;
        for (int i = 0; i < 100; ++i) {
            QVERIFY(limit.isAllowed(m_start + i * 15s));
            limit.note(m_start + i * 15s);
        }
    }

    void afterARestItBeginsAnew()
    {
        RepairLimit limit;
        for (int i = 0; i < 5; ++i)
            limit.note(m_start);
        limit.note(m_start + 60s);
        QVERIFY(limit.isAllowed(m_start + 60s));
    }

    void aPersonsRequestBeginsAnew()
    {
        RepairLimit limit;
        for (int i = 0; i < 5; ++i)
            limit.note(m_start);
        limit.forget();
        QVERIFY(limit.isAllowed(m_start));
    }

private:
    const RepairLimit::Clock::time_point m_start = RepairLimit::Clock::now();
};

QTEST_GUILESS_MAIN(RepairLimitTest)
#include "repair_limit_test.moc"
