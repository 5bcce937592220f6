// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/picture.h"

#include <QTest>

#include <cmath>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

PeerSnapshot peer(const QString &name, PeerPhase phase, Via via = Via::Lan)
{
    PeerSnapshot one;
    one.name = name;
    one.phase = phase;
    one.via = via;
    return one;
}

Snapshot homeWith(int devices)
{
    Snapshot snapshot;
    snapshot.home.configured = true;
    snapshot.home.enabled = true;
    snapshot.home.device = u"laptop"_s;
    for (int number = 0; number < devices; ++number)
        snapshot.home.peers.push_back(peer(u"d%1"_s.arg(number), PeerPhase::Up));
    return snapshot;
}

PictureMoment momentAt(const QDateTime &at, int devices)
{
    return {at, pictureOf(homeWith(devices))};
}

} // namespace

class PictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theNearerThePathTheNearerTheNode();
    void nodesKeepApartAndOutOfTheGate_data();
    void nodesKeepApartAndOutOfTheGate();
    void thoseThatAnswerAreDrawnFirst();
    void moreTrafficWeighsMore();
    void theGateIsThereWhileExitIsOn();
    void momentsAreKeptWhenSomethingLooksDifferent();
    void aDayIsKept();
};

void PictureTest::theNearerThePathTheNearerTheNode()
{
    const auto distance = [](PathLine line) {
        const QPointF place = placesOf({{u"a"_s, Glyph::On, line, {}, 0}})[0];
        return std::hypot(place.x(), place.y());
    };
    QVERIFY(distance(PathLine::Solid) < distance(PathLine::Dashed));
    QVERIFY(distance(PathLine::Dashed) < distance(PathLine::None));
    QVERIFY(distance(PathLine::None) <= 1);
}

void PictureTest::nodesKeepApartAndOutOfTheGate_data()
{
    QTest::addColumn<int>("count");
    for (const int count : {1, 2, 5, 8, 9, 20})
        QTest::addRow("%d", count) << count;
}

void PictureTest::nodesKeepApartAndOutOfTheGate()
{
    QFETCH(int, count);
    const auto places
        = placesOf(std::vector<PictureNode>(std::size_t(count), {u"a"_s, Glyph::On, PathLine::Dashed, {}, 0}));
    for (std::size_t one = 0; one < places.size(); ++one) {
        QVERIFY(places[one].x() <= 0.3 || std::abs(places[one].y()) >= 0.3);
        for (std::size_t other = 0; other < one; ++other) {
            const QPointF apart = places[one] - places[other];
            QVERIFY2(std::hypot(apart.x(), apart.y()) > 0.1, qPrintable(u"%1 and %2"_s.arg(one).arg(other)));
        }
    }
}

void PictureTest::thoseThatAnswerAreDrawnFirst()
{
    Snapshot snapshot = homeWith(0);
    for (int number = 0; number < 100; ++number)
        snapshot.home.peers.push_back(peer(u"quiet%1"_s.arg(number), PeerPhase::Idle));
    snapshot.home.peers.push_back(peer(u"nas"_s, PeerPhase::Up));
    const PictureModel picture = pictureOf(snapshot);
    QCOMPARE(picture.nodes.size(), kMostNodes);
    QCOMPARE(picture.nodes[0].name, u"nas"_s);
    QCOMPARE(picture.nodes[1].name, u"quiet0"_s);
    QCOMPARE(picture.more, 101 - int(kMostNodes));
    QVERIFY(sentencesOf(picture).last().contains(QString::number(picture.more)));
}

void PictureTest::moreTrafficWeighsMore()
{
    Snapshot snapshot = homeWith(3);
    snapshot.home.peers[0].activity.receivedBytes = 500; // keepalives
    snapshot.home.peers[1].activity.receivedBytes = 5'000'000;
    snapshot.home.peers[2].activity.sentBytes = 500'000'000'000;
    const auto nodes = pictureOf(snapshot).nodes;
    QCOMPARE(nodes[0].weight, 0.0);
    QVERIFY(nodes[1].weight > 0.3 && nodes[1].weight < 0.8);
    QCOMPARE(nodes[2].weight, 1.0);
}

void PictureTest::theGateIsThereWhileExitIsOn()
{
    Snapshot snapshot = homeWith(1);
    snapshot.exit.name = u"stockholm"_s;
    QCOMPARE(pictureOf(snapshot).exitName, QString());
    snapshot.exit.enabled = true;
    snapshot.exit.phase = Phase::Up;
    QCOMPARE(pictureOf(snapshot).exitName, u"stockholm"_s);
    QCOMPARE(sentencesOf(pictureOf(snapshot)).last(), u"Your way out is stockholm."_s);
}

void PictureTest::momentsAreKeptWhenSomethingLooksDifferent()
{
    const QDateTime start(QDate(2026, 1, 1), QTime(9, 0));
    auto moments = withMoment({}, momentAt(start, 2));
    Snapshot busy = homeWith(2);
    busy.home.peers[0].activity.receivedBytes = 5'000'000;
    moments = withMoment(moments, {start.addSecs(10), pictureOf(busy)});
    QCOMPARE(moments.size(), 1U);
    QVERIFY(moments[0].picture.nodes[0].weight > 0); // the newest look at it
    QCOMPARE(moments[0].at, start); // since when it looks like this
    moments = withMoment(moments, momentAt(start.addSecs(20), 3));
    QCOMPARE(moments.size(), 2U);
}

void PictureTest::aDayIsKept()
{
    const QDateTime start(QDate(2026, 1, 1), QTime(9, 0));
    std::vector<PictureMoment> moments;
    for (int hour = 0; hour <= 30; ++hour)
        moments = withMoment(moments, momentAt(start.addSecs(3600LL * hour), 1 + hour % 2));
    QCOMPARE(moments.back().at, start.addSecs(3600LL * 30));
    QCOMPARE(moments.front().at, start.addSecs(3600LL * 6)); // how it was 24 hours ago
    for (int change = 0; change < 2500; ++change)
        moments = withMoment(moments, momentAt(start.addSecs(3600LL * 30 + change), 1 + change % 2));
    QVERIFY(moments.size() <= 2000);
}

QTEST_GUILESS_MAIN(PictureTest)
#include "picture_test.moc"
