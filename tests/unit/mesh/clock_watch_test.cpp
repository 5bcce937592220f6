// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/clock.h"
#include "mesh/session/clock_watch.h"

#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace std::chrono_literals;

class ClockWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSleepIsNoticedOnce();
    void aNapIsNone();
    void aClockThatGoesBackIsNone();
    void whatSomebodyElseHasSaidIsNotSaidAgain();
    void theTimeOfBootNeverGoesBack();
};

void ClockWatchTest::aSleepIsNoticedOnce()
{
    std::chrono::microseconds asleep = 5s;
    ClockWatch watch([&] { return asleep; });
    QSignalSpy woke(&watch, &ClockWatch::woke);
    asleep += 31s;
    watch.look();
    watch.look();
    QCOMPARE(woke.count(), 1);
}

void ClockWatchTest::aNapIsNone()
{
    std::chrono::microseconds asleep = 0s;
    ClockWatch watch([&] { return asleep; });
    QSignalSpy woke(&watch, &ClockWatch::woke);
    for (int i = 0; i < 10; ++i) {
        asleep += 4s;
        watch.look();
    }
    QCOMPARE(woke.count(), 0);
}

void ClockWatchTest::aClockThatGoesBackIsNone()
{
    std::chrono::microseconds asleep = 500s;
    ClockWatch watch([&] { return asleep; });
    QSignalSpy woke(&watch, &ClockWatch::woke);
    asleep = 0s;
    watch.look();
    QCOMPARE(woke.count(), 0);
}

void ClockWatchTest::whatSomebodyElseHasSaidIsNotSaidAgain()
{
    std::chrono::microseconds asleep = 0s;
    ClockWatch watch([&] { return asleep; });
    QSignalSpy woke(&watch, &ClockWatch::woke);
    asleep = 100s;
    watch.forget();
    watch.look();
    QCOMPARE(woke.count(), 0);
}

void ClockWatchTest::theTimeOfBootNeverGoesBack()
{
    PathTime last = bootTime();
    for (int i = 0; i < 1000; ++i) {
        const PathTime now = bootTime();
        QVERIFY(now >= last);
        last = now;
    }
    QVERIFY(timeAsleep() >= -1ms);
}

QTEST_GUILESS_MAIN(ClockWatchTest)
#include "clock_watch_test.moc"
