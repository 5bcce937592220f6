// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/look_limit.h"

#include <QTest>

using namespace sallyport;
using namespace std::chrono_literals;

class LookLimitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoRefusesForGoodIsAskedEverLess()
    {
        LookLimit limit;
        int asked = 0;
        for (std::chrono::seconds at = 0s; at < 24h; at += 1s) {
            if (!limit.mayAsk(m_start + at))
                continue;
            limit.asked(m_start + at);
            ++asked;
        }
        QCOMPARE(asked, 17); // at 0, 1, 3, 7 … 65535 seconds
    }

    void afterADayTheyStillComeOnceADay()
    {
        LookLimit limit;
        for (int i = 0; i < 100; ++i)
            limit.asked(m_start);
        QVERIFY(!limit.mayAsk(m_start + 24h - 1s));
        QVERIFY(limit.mayAsk(m_start + 24h));
    }

    void whenAllIsWellItBeginsAnew()
    {
        LookLimit limit;
        for (int i = 0; i < 10; ++i)
            limit.asked(m_start);
        limit.forget();
        QVERIFY(limit.mayAsk(m_start));
    }

private:
    const LookLimit::Clock::time_point m_start = LookLimit::Clock::now();
};

QTEST_GUILESS_MAIN(LookLimitTest)
#include "look_limit_test.moc"
