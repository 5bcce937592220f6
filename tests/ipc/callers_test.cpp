// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/callers.h"
#include "helper/polkit/polkit_authorizer.h"
#include "tests/support/private_bus.h"

#include <QAbstractEventDispatcher>
#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

class UnusedPolkit : public PolkitAuthorizer {
public:
    using PolkitAuthorizer::PolkitAuthorizer;

protected:
    void ask(quint64, const QString &, const QString &) override { QFAIL("root is not asked about"); }
    void abandon(quint64) override {}
};

} // namespace

class CallersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void whoHadLeftIsReported();
    void whoLeavesIsReportedOnce();
    void whoIsRemovedIsNotReported();
    void thereIsALimit();
    void answeredQuestionsLeaveNoTimers();
};

void CallersTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void CallersTest::whoHadLeftIsReported()
{
    const PrivateBus bus;
    Caller self(bus, kRoot);
    Caller stays(bus, kSomebody);
    Caller ended(bus, kSomebody);
    const QString name = ended.name();
    ended.leave();
    QTRY_VERIFY(!bus.hasOwner(name));
    Callers callers(self.bus(), 10);
    const QSignalSpy left(&callers, &Callers::left);
    QVERIFY(callers.add(stays.name()));
    QVERIFY(callers.add(name));
    QTRY_COMPARE(left.size(), 1);
    QCOMPARE(left.constFirst().constFirst().toString(), name);
    QCOMPARE(callers.size(), std::size_t(1));
}

void CallersTest::whoLeavesIsReportedOnce()
{
    const PrivateBus bus;
    Caller self(bus, kRoot);
    Caller leaves(bus, kSomebody);
    Caller next(bus, kSomebody);
    Callers callers(self.bus(), 10);
    const QSignalSpy left(&callers, &Callers::left);
    QVERIFY(callers.add(leaves.name()) && callers.add(leaves.name()) && callers.add(next.name()));
    leaves.leave();
    QTRY_COMPARE(left.size(), 1);
    next.leave();
    QTRY_COMPARE(callers.size(), std::size_t(0));
    QCOMPARE(left.size(), 2);
}

void CallersTest::whoIsRemovedIsNotReported()
{
    const PrivateBus bus;
    Caller self(bus, kRoot);
    Caller removed(bus, kSomebody);
    Caller stays(bus, kSomebody);
    Callers callers(self.bus(), 10);
    const QSignalSpy left(&callers, &Callers::left);
    QVERIFY(callers.add(removed.name()) && callers.add(stays.name()));
    callers.remove(removed.name());
    removed.leave();
    QTRY_VERIFY(!bus.hasOwner(removed.name()));
    stays.leave();
    QTRY_COMPARE(left.size(), 1);
}

void CallersTest::thereIsALimit()
{
    const PrivateBus bus;
    Caller self(bus, kRoot);
    Caller first(bus, kSomebody);
    Caller second(bus, kSomebody);
    Callers callers(self.bus(), 1);
    QVERIFY(callers.add(first.name()));
    QVERIFY(!callers.add(second.name()));
    QVERIFY(callers.add(first.name()));
    first.leave();
    QTRY_VERIFY(callers.add(second.name()));
}

/// A deadline is long; requests that are answered within a millisecond must not add up until then.
void CallersTest::answeredQuestionsLeaveNoTimers()
{
    const PrivateBus bus;
    Caller self(bus, kRoot);
    Caller caller(bus, kRoot);
    UnusedPolkit authorizer(self.bus(), {});
    int answered = 0;
    const auto ask = [&] { authorizer.authorize(Action::Toggle, caller.name(), [&](const auto &) { ++answered; }); };
    ask();
    QTRY_COMPARE(answered, 1);
    const QObject *timers = QAbstractEventDispatcher::instance(); // single shots are its children
    const qsizetype before = timers->children().size();
    for (int i = 2; i <= 50; ++i) {
        ask();
        QTRY_COMPARE(answered, i);
    }
    QCOMPARE(timers->children().size(), before);
}

QTEST_GUILESS_MAIN(CallersTest)
#include "callers_test.moc"
