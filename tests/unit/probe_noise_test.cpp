// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/counted_crypto.h"
#include "tests/support/probe_pair.h"
#include "tests/support/random_paths.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kMany = 10000;
constexpr int kSize = 128;
/// 255 degrees of freedom: mean 255, deviation 22.6. Chance goes past this less than once in 10^11 positions.
constexpr double kFarFromChance = 430;

using Counts = std::array<int, 256>;

/// The sum of squared deviations from "each value as often as every other", in units of what is expected.
double chiSquare(const Counts &counts)
{
    double total = 0;
    for (const int count : counts)
        total += count;
    double sum = 0;
    for (const int count : counts)
        sum += (count - total / 256) * (count - total / 256) / (total / 256);
    return sum;
}

/// The same question again and again: whatever varies comes from the seal.
std::vector<QByteArray> manyProbes()
{
    const ProbePair pair;
    std::vector<QByteArray> probes(kMany);
    std::ranges::generate(probes, [&] { return pair.fromA(Ping{}); });
    return probes;
}

bool hasZeroesOfWireGuard(const QByteArray &payload)
{
    return payload[1] == 0 && payload[2] == 0 && payload[3] == 0;
}

int g_badDraws = 0;

/// Zeroes where WireGuard has them, as often as was asked for.
void drawBadly(void *bytes, std::size_t size)
{
    randombytes_sysrandom_implementation.buf(bytes, size);
    if (size < 4 || g_badDraws == 0)
        return;
    --g_badDraws;
    std::fill_n(static_cast<char *>(bytes) + 1, 3, '\0');
}

randombytes_implementation badlyDrawing()
{
    randombytes_implementation source = randombytes_sysrandom_implementation;
    source.buf = drawBadly;
    return source;
}

} // namespace

class ProbeNoiseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingStaysTheSame();
    void bytesAreSpreadEvenly();
    void neighboursTellNothing();
    void anUnluckyNonceIsDrawnAgain();
    void garbageCostsOneHashAmongAThousandPeers();
};

void ProbeNoiseTest::nothingStaysTheSame()
{
    const std::vector<QByteArray> probes = manyProbes();
    std::array<std::set<char>, kSize> seen;
    for (const QByteArray &probe : probes) {
        QVERIFY(!hasZeroesOfWireGuard(probe));
        for (int at = 0; at < kSize; ++at)
            seen[static_cast<std::size_t>(at)].insert(probe[at]);
    }
    for (const std::set<char> &values : seen)
        QVERIFY2(values.size() > 250, qPrintable(u"%1 values"_s.arg(values.size())));
    QCOMPARE(std::set<QByteArray>(probes.begin(), probes.end()).size(), probes.size());
}

void ProbeNoiseTest::bytesAreSpreadEvenly()
{
    std::array<Counts, kSize> counts{};
    for (const QByteArray &probe : manyProbes()) {
        for (std::size_t at = 0; at < kSize; ++at)
            ++counts[at][view(probe)[at]];
    }
    double worst = 0;
    for (const Counts &each : counts)
        worst = std::max(worst, chiSquare(each));
    qInfo("worst chi-square of %d positions: %.1f", kSize, worst);
    QVERIFY(worst < kFarFromChance);
}

void ProbeNoiseTest::neighboursTellNothing()
{
    std::array<Counts, kSize - 1> counts{};
    for (const QByteArray &probe : manyProbes()) {
        for (std::size_t at = 0; at + 1 < kSize; ++at)
            ++counts[at][view(probe)[at] ^ view(probe)[at + 1]];
    }
    for (const Counts &each : counts)
        QVERIFY(chiSquare(each) < kFarFromChance);
}

void ProbeNoiseTest::anUnluckyNonceIsDrawnAgain()
{
    const ProbePair pair;
    randombytes_implementation source = badlyDrawing();
    QCOMPARE(randombytes_set_implementation(&source), 0);
    for (const int draws : {1, 2, 7}) {
        g_badDraws = draws;
        const QByteArray payload = pair.fromA(Ping{});
        const int left = g_badDraws;
        g_badDraws = 0;
        QCOMPARE(left, 0); // it has met them all
        QVERIFY(!hasZeroesOfWireGuard(payload));
        QVERIFY(pair.atB.open(view(payload)));
    }
    randombytes_set_implementation(&randombytes_sysrandom_implementation);
}

void ProbeNoiseTest::garbageCostsOneHashAmongAThousandPeers()
{
    const ProbePair pair;
    ProbeOpener opener(pair.bPublic);
    std::vector<std::pair<PublicKey, const SecretKey *>> peers{{pair.aPublic, &pair.bPairKey}};
    RandomPaths random(seedOfThisRun());
    while (peers.size() < 1000)
        peers.emplace_back(random.key(), &pair.bPairKey);
    opener.setPeers(peers);
    const QByteArray genuine = pair.fromA(Ping{});

    cryptoCalls() = {};
    for (int i = 0; i < 100; ++i)
        QVERIFY(!opener.open(view(randomBytes(kSize))));
    QCOMPARE(cryptoCalls(), (CryptoCalls{100, 0}));
    QVERIFY(!opener.open(view(randomBytes(kSize - 1)))); // not even that
    QCOMPARE(cryptoCalls(), (CryptoCalls{100, 0}));
    QVERIFY(opener.open(view(genuine)));
    QCOMPARE(cryptoCalls(), (CryptoCalls{101, 1}));
}

QTEST_GUILESS_MAIN(ProbeNoiseTest)
#include "probe_noise_test.moc"
