// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/authorization_world.h"
#include "tests/support/polkit_agent.h"
#include "tests/support/polkit_daemon.h"

#include <QDBusError>
#include <QElapsedTimer>

#include <memory>

using namespace sallyport::test;
using namespace Qt::StringLiterals;

/// Both ways of asking, against the real polkitd with the policy file that we ship.
class AuthorizerRealTest : public QObject {
    Q_OBJECT

private:
    using Presence = PolkitDaemon::Presence;
    std::unique_ptr<AuthorizationWorld> m_world;
    std::unique_ptr<PolkitDaemon> m_polkit;
    std::unique_ptr<Caller> m_desktop;
    std::unique_ptr<PolkitAgent> m_agent;

    void raise(Presence presence) { m_polkit = std::make_unique<PolkitDaemon>(m_world->bus, presence); }
    void startAgent(const QString &locale = u"C"_s)
    {
        m_agent.reset();
        m_desktop = std::make_unique<Caller>(m_world->bus, kRoot);
        m_agent = std::make_unique<PolkitAgent>(m_desktop->bus(), QString::fromLatin1(PolkitDaemon::kSession), locale);
    }
    static QString outcome(const QDBusPendingCall &call) { return call.isError() ? call.error().name() : u"yes"_s; }

private Q_SLOTS:
    void initTestCase_data() { addWays(); }
    void initTestCase();
    void init();
    void cleanup();

    void policy_data();
    void policy();
    void password_letsThroughAndIsKept();
    void dialog_saysWhatItIsFor_data();
    void dialog_saysWhatItIsFor();
    void dismissedDialog_refuses();
    void callerThatLeaves_closesItsDialog();
    void twoCallersAtOnce_getTheirOwnAnswers();
    void whileTheDialogIsOpen_otherCallsAreAnsweredAtOnce();
    void polkitdThatDies_refuses();
};

void AuthorizerRealTest::initTestCase()
{
    if (const QString obstacle = polkitDaemonObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void AuthorizerRealTest::init()
{
    QFETCH_GLOBAL(QString, way);
    m_world = std::make_unique<AuthorizationWorld>(way);
    if (!m_world->isValid())
        QSKIP("this build has no polkit-qt");
}

void AuthorizerRealTest::cleanup()
{
    if (m_world && m_world->isValid())
        QVERIFY2(m_world->probeRuns(), "the program under test has ended");
    m_agent.reset();
    m_desktop.reset();
    m_polkit.reset();
    m_world.reset();
}

void AuthorizerRealTest::policy_data()
{
    QTest::addColumn<int>("presence");
    QTest::addColumn<QByteArray>("action");
    QTest::addColumn<QString>("expected");
    const QString no = QString::fromLatin1(kNotAuthorized);
    const struct {
        const char *name;
        Presence presence;
    } places[] = {{"elsewhere", Presence::Elsewhere}, {"inactive", Presence::Inactive}, {"active", Presence::Active}};
    for (const auto &place : places) {
        const QString toggled = place.presence == Presence::Active ? u"yes"_s : no;
        QTest::addRow("%s toggles", place.name) << int(place.presence) << QByteArray(kToggle) << toggled;
        QTest::addRow("%s configures", place.name) << int(place.presence) << QByteArray(kConfigure) << no;
        QTest::addRow("%s ends lockdown", place.name) << int(place.presence) << QByteArray(kLockdown) << no;
    }
}

void AuthorizerRealTest::policy()
{
    QFETCH(int, presence);
    QFETCH(QByteArray, action);
    QFETCH(QString, expected);
    raise(Presence(presence));
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall call = AuthorizationWorld::authorize(caller, action.constData());
    QTRY_VERIFY(call.isFinished());
    QCOMPARE(outcome(call), expected);
    Caller root(m_world->bus, kRoot);
    const QDBusPendingCall ofRoot = AuthorizationWorld::authorize(root, action.constData());
    QTRY_VERIFY(ofRoot.isFinished());
    QCOMPARE(outcome(ofRoot), u"yes"_s);
}

void AuthorizerRealTest::password_letsThroughAndIsKept()
{
    raise(Presence::Active);
    startAgent();
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall first = AuthorizationWorld::authorize(caller, kConfigure);
    QTRY_COMPARE(m_agent->open().size(), size_t(1));
    QVERIFY(!first.isFinished());
    m_agent->agree();
    QTRY_VERIFY(first.isFinished());
    QCOMPARE(outcome(first), u"yes"_s);
    const QDBusPendingCall second = AuthorizationWorld::authorize(caller, kConfigure);
    QTRY_VERIFY(second.isFinished());
    QCOMPARE(outcome(second), u"yes"_s);
    QVERIFY(m_agent->open().empty());
}

void AuthorizerRealTest::dialog_saysWhatItIsFor_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<QString>("words");
    QTest::newRow("English") << u"C"_s << u"An administrator's password is needed"_s;
    QTest::newRow("German") << u"de_DE.UTF-8"_s << u"wird das Passwort eines Administrators ben\u00f6tigt"_s;
    QTest::newRow("no translation") << u"eo.UTF-8"_s << u"An administrator's password is needed"_s;
}

void AuthorizerRealTest::dialog_saysWhatItIsFor()
{
    QFETCH(QString, locale);
    QFETCH(QString, words);
    raise(Presence::Inactive);
    startAgent(locale);
    Caller caller(m_world->bus, kSomebody);
    for (const char *action : {kToggle, kConfigure, kLockdown}) {
        const QDBusPendingCall call = AuthorizationWorld::authorize(caller, action);
        QTRY_COMPARE(m_agent->open().size(), size_t(1));
        QCOMPARE(m_agent->open().front().action, QString::fromLatin1(action));
        QVERIFY2(m_agent->open().front().sentence.contains(words), qPrintable(m_agent->open().front().sentence));
        m_agent->dismiss();
        QTRY_VERIFY(call.isFinished());
    }
}

void AuthorizerRealTest::dismissedDialog_refuses()
{
    raise(Presence::Active);
    startAgent();
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall call = AuthorizationWorld::authorize(caller, kLockdown);
    QTRY_COMPARE(m_agent->open().size(), size_t(1));
    m_agent->dismiss();
    QTRY_VERIFY(call.isFinished());
    QCOMPARE(outcome(call), QString::fromLatin1(kNotAuthorized));
    QVERIFY2(call.error().message().contains(u"cancelled"_s), qPrintable(call.error().message()));
}

void AuthorizerRealTest::callerThatLeaves_closesItsDialog()
{
    raise(Presence::Active);
    startAgent();
    Caller stays(m_world->bus, kSomebody);
    Caller leaves(m_world->bus, kSomebody);
    AuthorizationWorld::authorize(leaves, kConfigure);
    QTRY_COMPARE(m_agent->open().size(), size_t(1));
    leaves.leave();
    // polkitd closes it when the name goes, and again when the check is cancelled.
    QTRY_VERIFY(m_agent->cancelled() > 0 && m_agent->open().empty());
    QCOMPARE(AuthorizationWorld::answered(stays), 0);
}

void AuthorizerRealTest::twoCallersAtOnce_getTheirOwnAnswers()
{
    raise(Presence::Active);
    startAgent();
    Caller first(m_world->bus, kSomebody);
    Caller second(m_world->bus, kSomebody);
    const QDBusPendingCall one = AuthorizationWorld::authorize(first, kConfigure);
    QTRY_COMPARE(m_agent->open().size(), size_t(1));
    const QDBusPendingCall two = AuthorizationWorld::authorize(second, kLockdown);
    QTRY_COMPARE(m_agent->open().size(), size_t(2));
    m_agent->dismiss();
    QTRY_VERIFY(one.isFinished());
    QVERIFY(!two.isFinished());
    m_agent->agree();
    QTRY_VERIFY(two.isFinished());
    QCOMPARE(outcome(one), QString::fromLatin1(kNotAuthorized));
    QCOMPARE(outcome(two), u"yes"_s);
}

void AuthorizerRealTest::whileTheDialogIsOpen_otherCallsAreAnsweredAtOnce()
{
    raise(Presence::Active);
    startAgent();
    Caller asks(m_world->bus, kSomebody);
    Caller other(m_world->bus, kSomebodyElse);
    const QDBusPendingCall open = AuthorizationWorld::authorize(asks, kConfigure);
    QTRY_COMPARE(m_agent->open().size(), size_t(1));
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i) {
        QDBusPendingCall pong = AuthorizationWorld::ping(other);
        pong.waitForFinished();
        QVERIFY(!pong.isError());
    }
    const qint64 each = timer.elapsed() / 20;
    QVERIFY2(each < 500, qPrintable(u"%1 ms each"_s.arg(each)));
    QVERIFY(!open.isFinished());
}

void AuthorizerRealTest::polkitdThatDies_refuses()
{
    raise(Presence::Active);
    startAgent();
    Caller caller(m_world->bus, kSomebody);
    const QDBusPendingCall call = AuthorizationWorld::authorize(caller, kConfigure);
    QTRY_COMPARE(m_agent->open().size(), size_t(1));
    m_polkit->kill();
    QTRY_VERIFY(call.isFinished());
    QCOMPARE(outcome(call), QString::fromLatin1(kUnavailable));
    raise(Presence::Active);
    const QDBusPendingCall again = AuthorizationWorld::authorize(caller, kToggle);
    QTRY_VERIFY(again.isFinished());
    QCOMPARE(outcome(again), u"yes"_s);
}

QTEST_GUILESS_MAIN(AuthorizerRealTest)
#include "authorizer_real_test.moc"
