// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/authorization_world.h"
#include "tests/support/fake_polkit.h"

#include <QDBusError>
#include <QElapsedTimer>

#include <memory>

using namespace sallyport::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(FakePolkit::Reply)

namespace {

constexpr auto kLimitExceeded = "org.sallyport.Error.LimitExceeded";
constexpr auto kTimedOut = "org.sallyport.Error.TimedOut";

QString errorOf(const QDBusPendingCall &call)
{
    return call.error().name();
}

} // namespace

/// Both ways of asking, against a polkit that does what the test says.
class AuthorizerFakeTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AuthorizationWorld> m_world;
    std::unique_ptr<FakePolkit> m_polkit;

    void raise(const ProbeLimits &limits = {})
    {
        QFETCH_GLOBAL(QString, way);
        m_polkit.reset();
        m_world = std::make_unique<AuthorizationWorld>(way, limits);
        if (!m_world->isValid())
            QSKIP("this build has no polkit-qt");
        startPolkit();
    }
    void startPolkit() { m_polkit = std::make_unique<FakePolkit>(m_world->bus.connectAs(kRoot)); }

private Q_SLOTS:
    void initTestCase_data() { addWays(); }
    void initTestCase();
    void init() { raise(); }
    void cleanup();

    void answer_data();
    void answer();
    void question_namesTheCallersUniqueName();
    void twoCallersAtOnce_getTheirOwnAnswers();
    void callerThatLeaves_cancelsOnlyItsOwn();
    void whileDialogsAreOpen_otherCallsAreAnsweredAtOnce();
    void polkitThatDies_refusesAllAndIsFoundAgain();
    void noPolkit_refusesAllButRoot();
    void root_isNeverAskedFor();
    void tooManyOfOneCaller();
    void tooManyInAll();
    void nobodyAnswers();
    void eachQuestionHasItsOwnPatience();
};

void AuthorizerFakeTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void AuthorizerFakeTest::cleanup()
{
    if (m_world && m_world->isValid())
        QVERIFY2(m_world->probeRuns(), "the program under test has ended");
    m_polkit.reset();
    m_world.reset();
}

void AuthorizerFakeTest::answer_data()
{
    using Reply = FakePolkit::Reply;
    QTest::addColumn<FakePolkit::Reply>("reply");
    QTest::addColumn<QString>("error");
    QTest::newRow("yes") << Reply::Yes << QString();
    QTest::newRow("no") << Reply::No << QString::fromLatin1(kNotAuthorized);
    QTest::newRow("challenge") << Reply::Challenge << QString::fromLatin1(kNotAuthorized);
    QTest::newRow("dismissed") << Reply::Dismissed << QString::fromLatin1(kNotAuthorized);
    QTest::newRow("fail") << Reply::Fail << QString::fromLatin1(kUnavailable);
    QTest::newRow("nonsense") << Reply::Nonsense << QString::fromLatin1(kUnavailable);
}

void AuthorizerFakeTest::answer()
{
    QFETCH(FakePolkit::Reply, reply);
    QFETCH(QString, error);
    QFETCH_GLOBAL(QString, way);
    if (reply == FakePolkit::Reply::Nonsense && way == u"qt"_s)
        return; // libpolkit itself aborts on it; on the system bus only polkitd can answer at all
    m_polkit->setReply(reply);
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall call = AuthorizationWorld::authorize(caller, kConfigure);
    QTRY_VERIFY(call.isFinished());
    QCOMPARE(errorOf(call), error);
    if (!error.isEmpty()) {
        QVERIFY2(call.error().message().endsWith(u'.'), qPrintable(call.error().message()));
        QVERIFY(!call.error().message().contains(u'\n'));
    }
}

void AuthorizerFakeTest::question_namesTheCallersUniqueName()
{
    m_polkit->setReply(QString::fromLatin1(kToggle), FakePolkit::Reply::Yes);
    Caller caller(m_world->bus, kSomebody);
    for (const char *action : {kToggle, kConfigure, kLockdown}) {
        const QDBusPendingCall call = AuthorizationWorld::authorize(caller, action);
        QTRY_VERIFY(call.isFinished());
        QCOMPARE(call.isError(), qstrcmp(action, kToggle) != 0);
        QVERIFY(!m_polkit->checks().empty());
        const FakePolkit::Check &check = m_polkit->checks().back();
        QCOMPARE(check.action, QString::fromLatin1(action));
        QCOMPARE(check.subjectKind, u"system-bus-name"_s);
        QCOMPARE(check.busName, caller.name());
        QCOMPARE(check.flags, 1u);
    }
}

void AuthorizerFakeTest::twoCallersAtOnce_getTheirOwnAnswers()
{
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller first(m_world->bus, kSomebody);
    Caller second(m_world->bus, kSomebodyElse);
    const QDBusPendingCall one = AuthorizationWorld::authorize(first, kConfigure);
    const QDBusPendingCall two = AuthorizationWorld::authorize(second, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 2);
    QVERIFY(m_polkit->tell(second.name(), true));
    QTRY_VERIFY(two.isFinished());
    QVERIFY(!two.isError());
    QVERIFY(!one.isFinished());
    QVERIFY(m_polkit->tell(first.name(), false));
    QTRY_VERIFY(one.isFinished());
    QCOMPARE(errorOf(one), QString::fromLatin1(kNotAuthorized));
}

void AuthorizerFakeTest::callerThatLeaves_cancelsOnlyItsOwn()
{
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller stays(m_world->bus, kSomebody);
    Caller leaves(m_world->bus, kSomebody);
    const QString name = leaves.name();
    const QDBusPendingCall kept = AuthorizationWorld::authorize(stays, kConfigure);
    AuthorizationWorld::authorize(leaves, kConfigure);
    AuthorizationWorld::authorize(leaves, kLockdown);
    QTRY_COMPARE(m_polkit->waiting(), 3);
    leaves.leave();
    QTRY_COMPARE(m_polkit->cancelled(), (QStringList{name, name}));
    QVERIFY(!kept.isFinished());
    QVERIFY(m_polkit->tell(stays.name(), true));
    QTRY_VERIFY(kept.isFinished());
    QVERIFY(!kept.isError());
    QCOMPARE(AuthorizationWorld::answered(stays), 1);
}

void AuthorizerFakeTest::whileDialogsAreOpen_otherCallsAreAnsweredAtOnce()
{
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller asks(m_world->bus, kSomebody);
    Caller other(m_world->bus, kSomebodyElse);
    for (int i = 0; i < 4; ++i)
        AuthorizationWorld::authorize(asks, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 4);
    // The bus's own time for a call and a reply, whatever else this machine does just now, is far below this.
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i) {
        QDBusPendingCall pong = AuthorizationWorld::ping(other);
        pong.waitForFinished();
        QVERIFY(!pong.isError());
    }
    const qint64 each = timer.elapsed() / 20;
    QVERIFY2(each < 500, qPrintable(u"%1 ms each"_s.arg(each)));
    QCOMPARE(m_polkit->waiting(), 4);
}

void AuthorizerFakeTest::polkitThatDies_refusesAllAndIsFoundAgain()
{
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller first(m_world->bus, kSomebody);
    Caller second(m_world->bus, kSomebodyElse);
    const QDBusPendingCall one = AuthorizationWorld::authorize(first, kConfigure);
    const QDBusPendingCall two = AuthorizationWorld::authorize(second, kToggle);
    QTRY_COMPARE(m_polkit->waiting(), 2);
    m_polkit->die();
    QTRY_VERIFY(one.isFinished() && two.isFinished());
    QCOMPARE(errorOf(one), QString::fromLatin1(kUnavailable));
    QCOMPARE(errorOf(two), QString::fromLatin1(kUnavailable));
    startPolkit();
    m_polkit->setReply(FakePolkit::Reply::Yes);
    const QDBusPendingCall again = AuthorizationWorld::authorize(first, kConfigure);
    QTRY_VERIFY(again.isFinished());
    QVERIFY2(!again.isError(), qPrintable(again.error().message()));
}

void AuthorizerFakeTest::noPolkit_refusesAllButRoot()
{
    m_polkit->die();
    Caller somebody(m_world->bus, kSomebody);
    Caller root(m_world->bus, kRoot);
    const QDBusPendingCall refused = AuthorizationWorld::authorize(somebody, kToggle);
    const QDBusPendingCall allowed = AuthorizationWorld::authorize(root, kConfigure);
    QTRY_VERIFY(refused.isFinished() && allowed.isFinished());
    QCOMPARE(errorOf(refused), QString::fromLatin1(kUnavailable));
    QVERIFY(!allowed.isError());
    startPolkit();
    m_polkit->setReply(FakePolkit::Reply::Yes);
    const QDBusPendingCall now = AuthorizationWorld::authorize(somebody, kToggle);
    QTRY_VERIFY(now.isFinished());
    QVERIFY2(!now.isError(), qPrintable(now.error().message()));
}

void AuthorizerFakeTest::root_isNeverAskedFor()
{
    Caller root(m_world->bus, kRoot);
    const QDBusPendingCall allowed = AuthorizationWorld::authorize(root, kLockdown);
    QTRY_VERIFY(allowed.isFinished());
    QVERIFY(!allowed.isError());
    QVERIFY(m_polkit->checks().empty());
}

void AuthorizerFakeTest::tooManyOfOneCaller()
{
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller greedy(m_world->bus, kSomebody);
    Caller modest(m_world->bus, kSomebody);
    QList<QDBusPendingCall> calls;
    for (int i = 0; i < 5; ++i)
        calls << AuthorizationWorld::authorize(greedy, kConfigure);
    QTRY_VERIFY(calls.last().isFinished());
    QCOMPARE(errorOf(calls.last()), QString::fromLatin1(kLimitExceeded));
    QTRY_COMPARE(m_polkit->waiting(), 4);
    const QDBusPendingCall other = AuthorizationWorld::authorize(modest, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 5);
    QVERIFY(m_polkit->tell(greedy.name(), true));
    QTRY_VERIFY(calls.first().isFinished());
    AuthorizationWorld::authorize(greedy, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 5);
    QVERIFY(!other.isFinished());
}

void AuthorizerFakeTest::tooManyInAll()
{
    raise({20000, 4, 2});
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller first(m_world->bus, kSomebody);
    Caller second(m_world->bus, kSomebody);
    Caller third(m_world->bus, kSomebodyElse);
    AuthorizationWorld::authorize(first, kConfigure);
    AuthorizationWorld::authorize(second, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 2);
    const QDBusPendingCall refused = AuthorizationWorld::authorize(third, kConfigure);
    QTRY_VERIFY(refused.isFinished());
    QCOMPARE(errorOf(refused), QString::fromLatin1(kLimitExceeded));
    first.leave();
    QTRY_COMPARE(m_polkit->waiting(), 1);
    AuthorizationWorld::authorize(third, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 2);
}

void AuthorizerFakeTest::nobodyAnswers()
{
    raise({300, 4, 32});
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall call = AuthorizationWorld::authorize(caller, kConfigure);
    QTRY_VERIFY(call.isFinished());
    QCOMPARE(errorOf(call), QString::fromLatin1(kTimedOut));
    QTRY_COMPARE(m_polkit->cancelled(), QStringList{caller.name()});
    QCOMPARE(AuthorizationWorld::answered(caller), 1);
}

void AuthorizerFakeTest::eachQuestionHasItsOwnPatience()
{
    raise({600, 4, 32});
    m_polkit->setReply(FakePolkit::Reply::Wait);
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall early = AuthorizationWorld::authorize(caller, kConfigure);
    QTRY_COMPARE(m_polkit->waiting(), 1);
    QTest::qWait(200); // so that the deadlines lie apart
    QElapsedTimer timer;
    timer.start();
    const QDBusPendingCall late = AuthorizationWorld::authorize(caller, kToggle);
    QTRY_COMPARE(m_polkit->waiting(), 2);
    QVERIFY(m_polkit->tell(caller.name(), true));
    QTRY_VERIFY(early.isFinished());
    QVERIFY(!early.isError());
    QTRY_VERIFY(late.isFinished());
    QCOMPARE(errorOf(late), QString::fromLatin1(kTimedOut));
    QVERIFY2(timer.elapsed() >= 600, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(AuthorizerFakeTest)
#include "authorizer_fake_test.moc"
