// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_pair.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::sim;
using namespace Qt::StringLiterals;

namespace {

constexpr quint64 kFirstSeed = 1;
constexpr int kMostPairs = 600;

} // namespace

Q_DECLARE_METATYPE(sallyport::PathPolicy)

/// The simulator is no good if it does not notice worse choices.
class PathMutantsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void worsePolicies_areFoundOut_data()
    {
        using namespace std::chrono_literals;
        QTest::addColumn<PathPolicy>("policy");
        QTest::addColumn<QString>("complaint");
        const auto row = [](const char *name, const QString &complaint, auto change) {
            PathPolicy policy;
            change(policy);
            QTest::newRow(name) << policy << complaint;
        };
        row("believes any answer from the local network", u"wormhole"_s, [](PathPolicy &p) { p.attests = false; });
        row("both sides move", u"switches"_s, [](PathPolicy &p) { p.hasRoles = false; });
        row("takes whatever is faster at once", u"switches"_s, [](PathPolicy &p) {
            p.leastGain = p.sameLink = p.routed = p.global6 = p.mapped = p.punched = 0ms;
            p.leastGainPercent = 0;
            p.confirmAfter = p.dwell = 0s;
            p.lookAgain = 2s;
        });
        row("asks strangers again and again", u"stranger"_s, [](PathPolicy &p) { p.mostAskedLocally = 1000; });
        row("looks for local addresses in the internet", u"through the internet"_s,
            [](PathPolicy &p) { p.mostFirstLook = 1000; });
        row("looks around all the time", u"questions in"_s, [](PathPolicy &p) { p.lookAgain = 1s; });
        row("never looks around", u"not on its network"_s, [](PathPolicy &p) { p.lookAgain = 3600s; });
        row("never rests", u"at rest"_s, [](PathPolicy &p) { p.activeFor = 3600s; });
        row("counts too often", u"counters"_s, [](PathPolicy &p) { p.statsEvery = 0s; });
        row("suspects no silent path", u"packets"_s, [](PathPolicy &p) {
            p.suspectAfter = 3600s;
            p.deadAfter = 3600s;
        });
        row("never asks a name again", u"packets"_s, [](PathPolicy &p) {
            p.nameAgain = 3600s;
            p.shortestLifetime = 3600s;
        });
    }

    void worsePolicies_areFoundOut()
    {
        QFETCH(const PathPolicy, policy);
        QFETCH(const QString, complaint);
        QStringList complaints;
        int pairs = 0;
        while (pairs < kMostPairs && complaints.filter(complaint).isEmpty())
            complaints += Pair(kFirstSeed + static_cast<quint64>(pairs++), policy).run().complaints;
        qInfo("after %d pairs: %s", pairs,
            complaints.isEmpty() ? "-" : qPrintable(complaints.filter(complaint).value(0)));
        QVERIFY2(!complaints.filter(complaint).isEmpty(), qPrintable(complaints.value(0)));
    }
};

QTEST_GUILESS_MAIN(PathMutantsTest)
#include "path_mutants_test.moc"
