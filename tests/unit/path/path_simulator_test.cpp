// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_pair.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::sim;
using namespace Qt::StringLiterals;

namespace {

constexpr quint64 kFirstSeed = 1;
constexpr int kPairs = 1000;

long long milliseconds(Time time)
{
    return time.count() / 1000;
}

struct Sum {
    QStringList complaints;
    std::vector<Time> toLan;
    int moves = 0;
    int questions = 0;
    int phases = 0;

    void add(const Findings &found)
    {
        complaints += found.complaints;
        std::ranges::copy(found.toLan, std::back_inserter(toLan));
        moves += found.moves;
        questions += found.questions;
        phases += found.phases;
    }
};

Sum simulate(quint64 seed, int pairs, const PathPolicy &policy)
{
    Sum sum;
    for (int i = 0; i < pairs; ++i)
        sum.add(Pair(seed + static_cast<quint64>(i), policy).run());
    return sum;
}

quint64 chosenSeed()
{
    const auto text = qEnvironmentVariable("SALLYPORT_PATH_SEED");
    return text.isEmpty() ? kFirstSeed : text.toULongLong();
}

int chosenPairs()
{
    const auto text = qEnvironmentVariable("SALLYPORT_PATH_PAIRS");
    return text.isEmpty() ? kPairs : text.toInt();
}

} // namespace

/// A thousand pairs that wander, and whether what is promised holds. SALLYPORT_PATH_SEED=N SALLYPORT_PATH_PAIRS=1 repeats one.
class PathSimulatorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wanderingPairs_keepWhatIsPromised()
    {
        Sum sum = simulate(chosenSeed(), chosenPairs(), {});
        std::ranges::sort(sum.toLan);
        if (!sum.toLan.empty())
            qInfo("%zu arrivals: median %lld ms, nine of ten %lld ms, worst %lld ms", sum.toLan.size(),
                milliseconds(sum.toLan[sum.toLan.size() / 2]), milliseconds(sum.toLan[sum.toLan.size() * 9 / 10]),
                milliseconds(sum.toLan.back()));
        qInfo("%d phases, %d moves, %d questions", sum.phases, sum.moves, sum.questions);
        for (const QString &each : sum.complaints.mid(0, 40))
            qWarning("%s", qPrintable(each));
        QCOMPARE(sum.complaints.size(), 0);
    }
};

QTEST_GUILESS_MAIN(PathSimulatorTest)
#include "path_simulator_test.moc"
