// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/token_bucket.h"

#include <QTest>

using sallyport::probe::TokenBucket;
using namespace std::chrono_literals;

class TokenBucketTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void afterARest_aBurstIsAllowedAndNoMore()
    {
        TokenBucket bucket(10, 5);
        QCOMPARE(taken(bucket, 0ms, 20), 5);
        QCOMPARE(taken(bucket, 1h, 20), 5);
    }

    void inTheLongRun_theRateHolds()
    {
        TokenBucket bucket(200, 40);
        int sum = 0;
        for (auto time = 0ms; time < 60s; time += 1ms)
            sum += taken(bucket, time, 3);
        QVERIFY(sum >= 60 * 200);
        QVERIFY(sum <= 60 * 200 + 40);
    }

    void rest_isHowLongItTakes()
    {
        TokenBucket bucket(10, 2);
        QVERIFY(bucket.rest(at(0ms)) <= 0ms);
        QCOMPARE(taken(bucket, 0ms, 5), 2);
        QCOMPARE(bucket.rest(at(0ms)), TokenBucket::Clock::duration(100ms));
        QCOMPARE(taken(bucket, 99ms, 1), 0);
        QCOMPARE(taken(bucket, 100ms, 1), 1);
    }

    void refusedOnes_costNothing()
    {
        TokenBucket bucket(10, 1);
        QCOMPARE(taken(bucket, 0ms, 1000), 1);
        QCOMPARE(taken(bucket, 100ms, 1), 1);
    }

private:
    static TokenBucket::Clock::time_point at(std::chrono::milliseconds time)
    {
        return TokenBucket::Clock::time_point(24h) + time;
    }

    static int taken(TokenBucket &bucket, std::chrono::milliseconds time, int wanted)
    {
        int got = 0;
        for (int i = 0; i < wanted; ++i)
            got += bucket.take(at(time)) ? 1 : 0;
        return got;
    }
};

QTEST_GUILESS_MAIN(TokenBucketTest)
#include "token_bucket_test.moc"
