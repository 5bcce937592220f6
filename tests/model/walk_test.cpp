// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/walk.h"

#include <QTest>

#include <ctime>
#include <random>

using namespace sallyport;
using namespace sallyport::model;
using namespace Qt::StringLiterals;

namespace {

constexpr unsigned kSeed = 20261122; ///< every run walks the same sample
constexpr int kCrashesBack = 4000; ///< of those after which something else is wanted
constexpr int kMoves = 2000;
constexpr int kCrashedPlans = 8; ///< from each wish, crashed after every operation

} // namespace

class ModelWalkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyWishKeepsItsPromises();
    void noOperationOfAnyPlanHarms();
    void aLinkThatVanishesHarmsNobody();
    void rulesAndRoutesHoldWhenAllTablesAreFlushed();
    void anotherNetworkHarmsNobody();
    void aCrashAfterAnyOperationHarmsNobody();
    void aCrashAndAnotherWishHarmNobody();
    void cleanup();
    void cleanupTestCase();

private:
    void note(const QString &broken);
    std::size_t anyWish() { return m_random() % m_walk.wishes().size(); }
    /// Another wish at the same place.
    std::size_t anyWishBeside(std::size_t wish);

    Walk m_walk;
    QStringList m_unkept;
    QStringList m_broken;
    std::mt19937 m_random{kSeed};
};

void ModelWalkTest::note(const QString &broken)
{
    if (!broken.isEmpty())
        m_broken += broken;
}

std::size_t ModelWalkTest::anyWishBeside(std::size_t wish)
{
    const std::size_t count = m_walk.wishes().size() / kPlaces.size();
    return wish - wish % count + m_random() % count;
}

void ModelWalkTest::initTestCase()
{
    m_unkept = m_walk.settle();
}

/// The first few are enough to understand the others.
void ModelWalkTest::cleanup()
{
    constexpr qsizetype kShown = 12;
    const QStringList broken = std::exchange(m_broken, {});
    for (const QString &each : broken.mid(0, kShown))
        qWarning("%s", qPrintable(each));
    QVERIFY2(broken.isEmpty(), qPrintable(u"%1 times"_s.arg(broken.size())));
}

void ModelWalkTest::everyWishKeepsItsPromises()
{
    m_broken = m_unkept;
}

void ModelWalkTest::noOperationOfAnyPlanHarms()
{
    const std::size_t all = m_walk.wishes().size();
    for (std::size_t from = 0; from < all; ++from) {
        for (std::size_t to = 0; to < all; ++to) {
            if (m_walk.wishes()[from].place == m_walk.wishes()[to].place)
                note(m_walk.go(from, to));
        }
    }
}

void ModelWalkTest::aLinkThatVanishesHarmsNobody()
{
    for (std::size_t wish = 0; wish < m_walk.wishes().size(); ++wish) {
        for (const char *link : {kHomeLink, kExitLink})
            note(m_walk.vanish(wish, QString::fromLatin1(link)));
    }
}

void ModelWalkTest::rulesAndRoutesHoldWhenAllTablesAreFlushed()
{
    for (std::size_t wish = 0; wish < m_walk.wishes().size(); ++wish)
        note(m_walk.flushTables(wish));
}

/// The machine is carried elsewhere: with the same wish to everywhere, and with any other wish to anywhere.
void ModelWalkTest::anotherNetworkHarmsNobody()
{
    const std::size_t count = m_walk.wishes().size() / kPlaces.size();
    for (std::size_t from = 0; from < m_walk.wishes().size(); ++from) {
        for (std::size_t to = from % count; to < m_walk.wishes().size(); to += count)
            note(m_walk.go(from, to));
    }
    for (int i = 0; i < kMoves; ++i)
        note(m_walk.go(anyWish(), anyWish()));
}

void ModelWalkTest::aCrashAfterAnyOperationHarmsNobody()
{
    const std::size_t all = m_walk.wishes().size();
    for (std::size_t from = 0; from < all; ++from) {
        for (int i = 0; i < kCrashedPlans; ++i)
            note(m_walk.crashEverywhere(from, anyWishBeside(from)));
    }
}

void ModelWalkTest::aCrashAndAnotherWishHarmNobody()
{
    for (int i = 0; i < kCrashesBack; ++i) {
        const std::size_t from = anyWish();
        const std::size_t to = anyWishBeside(from);
        const std::size_t target = i % 2 == 0 ? from : anyWishBeside(from);
        note(m_walk.crash(from, to, m_random() % (m_walk.lengthOf(from, to) + 1), target));
    }
}

void ModelWalkTest::cleanupTestCase()
{
    const Counts &counts = m_walk.counts();
    const std::size_t count = m_walk.wishes().size();
    const auto same = static_cast<qint64>(count * count / kPlaces.size());
    qInfo("%zu wishes; all %lld changes at one place, %lld changes in all; %lld crashes, %lld of them continued as "
          "planned; "
          "%lld operations, %lld states, %lld packets; seed %u; %.1f s of one processor",
        count, same, counts.transitions, counts.crashes, counts.continued, counts.operations, counts.states,
        counts.packets, kSeed, static_cast<double>(std::clock()) / CLOCKS_PER_SEC);
}

QTEST_GUILESS_MAIN(ModelWalkTest)
#include "walk_test.moc"
