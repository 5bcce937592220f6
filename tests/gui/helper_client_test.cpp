// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/helper_client.h"
#include "tests/gui/test_bus.h"

#include <QSignalSpy>
#include <QTest>

#include <array>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 10000;

IntentChange homeOn()
{
    IntentChange change;
    change.home = true;
    return change;
}

IntentChange exitOn()
{
    IntentChange change;
    change.exit = true;
    change.exitName = u"mullvad-se"_s;
    return change;
}

/// What a call was answered with, and in which order.
struct Answers {
    QObject context;
    std::vector<Result<Done>> replies;
    QStringList order;

    HelperClient::Reply expect(const QString &name)
    {
        return [this, name](const Result<Done> &answer) {
            replies.push_back(answer);
            order += name;
        };
    }
    Errc onlyError() const { return replies.size() == 1 && !replies[0] ? replies[0].error().code : Errc::Internal; }
};

} // namespace

class HelperClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void absentHelperIsUnavailable();
    void absentHelperIsStartedByTheBusWhereItCanBe();
    void availabilityFollowsTheHelper();
    void intentReachesTheHelperAndTheSignalComesBeforeTheReply();
    void snapshotIsDecodedWithEverythingNested();
    void configurationIsFetched();
    void configureSendsTheWholeConfiguration();
    void secretTravelsAsASealedMemfd();
    void namedErrorsAreMapped_data();
    void namedErrorsAreMapped();
    void slowHelperTimesOut();
    void dyingHelperIsUnavailableNotSlow();
    void callsThatCrossAreAnsweredEachForItself();
    void tooOldHelperIsRefusedAndNotCalled();
    void newerMinorVersionIsFine();
    void otherInterfaceIsAnotherVersion();
    void versionIsAskedAgainAfterARestart();
    void garbageIsSurvived();
    void watchIsRememberedForTheNextHelper();
    void replyIsDroppedWithItsContext();
    void busThatDiesAnswersWhatIsOpen();
    void deadBusIsRefusedAtOnce();
};

void HelperClientTest::absentHelperIsUnavailable()
{
    TestBus bus;
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QVERIFY(answers.replies.empty()); // never from within the call
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QCOMPARE(answers.onlyError(), Errc::HelperUnavailable);
    QVERIFY(answers.replies[0].error().detail.contains(u"not installed"_s));
    QVERIFY(!client.isAvailable());
}

void HelperClientTest::absentHelperIsStartedByTheBusWhereItCanBe()
{
    TestBus bus({u"--play"_s, u"both"_s});
    HelperClient client(bus.connect());
    std::optional<Result<Snapshot>> got;
    client.fetchSnapshot(this, [&](const Result<Snapshot> &answer) { got = answer; });
    QTRY_VERIFY_WITH_TIMEOUT(got, kPatienceMs);
    QVERIFY(*got);
    QVERIFY((*got)->home.enabled);
    QVERIFY(client.isAvailable());
}

void HelperClientTest::availabilityFollowsTheHelper()
{
    TestBus bus;
    HelperClient client(bus.connect());
    QSignalSpy spy(&client, &HelperClient::availabilityChanged);
    QVERIFY(!client.isAvailable());
    {
        FakeHelperProcess helper(bus);
        QTRY_VERIFY_WITH_TIMEOUT(client.isAvailable(), kPatienceMs);
        HelperClient late(bus.connect());
        QVERIFY(late.isAvailable());
    }
    QTRY_VERIFY_WITH_TIMEOUT(!client.isAvailable(), kPatienceMs);
    QCOMPARE(spy.size(), 2);
}

void HelperClientTest::intentReachesTheHelperAndTheSignalComesBeforeTheReply()
{
    TestBus bus;
    FakeHelperProcess helper(bus);
    HelperClient client(bus.connect());
    Answers answers;
    connect(&client, &HelperClient::snapshotChanged, &answers.context,
        [&](const Snapshot &snapshot) { answers.order += snapshot.exit.enabled ? u"snapshot"_s : u"wrong"_s; });
    client.setIntent(exitOn(), &answers.context, answers.expect(u"reply"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QVERIFY(answers.replies[0]);
    QCOMPARE(answers.order, (QStringList{u"snapshot"_s, u"reply"_s}));
    QCOMPARE(helper.log(), QStringList{uR"(SetIntent {"exit":true,"exitName":"mullvad-se"})"_s});
}

void HelperClientTest::snapshotIsDecodedWithEverythingNested()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"failed"_s});
    HelperClient client(bus.connect());
    std::optional<Result<Snapshot>> got;
    client.fetchSnapshot(this, [&](const Result<Snapshot> &answer) { got = answer; });
    QTRY_VERIFY_WITH_TIMEOUT(got, kPatienceMs);
    QVERIFY(*got);
    const Snapshot &snapshot = **got;
    QCOMPARE(snapshot.helperVersion, u"fake"_s);
    QCOMPARE(snapshot.home.peers.size(), 2U);
    QCOMPARE(snapshot.home.peers[0].name, u"nas"_s);
    QCOMPARE(snapshot.home.peers[0].phase, PeerPhase::Up);
    QCOMPARE(snapshot.home.peers[0].via, Via::Lan);
    QCOMPARE(snapshot.home.peers[0].activity.handshakeAge, std::optional(3s));
    QCOMPARE(snapshot.home.peers[0].activity.receivedBytes, 1'200'000U);
    QCOMPARE(snapshot.home.peers[0].candidates.size(), 2U);
    QCOMPARE(snapshot.home.peers[0].candidates[0].state, u"in-use"_s);
    QCOMPARE(snapshot.exit.phase, Phase::Failed);
    QCOMPARE(snapshot.exit.families.size(), 2U);
    QCOMPARE(snapshot.exit.available, (QStringList{u"mullvad-se"_s, u"mullvad-de"_s, u"nas"_s}));
    QCOMPARE(snapshot.guard.state, GuardState::Blocked);
    QVERIFY(snapshot.lastError);
    QCOMPARE(snapshot.lastError->code, Errc::KernelRefused);
}

void HelperClientTest::configurationIsFetched()
{
    TestBus bus;
    FakeHelperProcess helper(bus);
    HelperClient client(bus.connect());
    std::optional<Result<Configuration>> got;
    client.fetchConfiguration(this, [&](const Result<Configuration> &answer) { got = answer; });
    QTRY_VERIFY_WITH_TIMEOUT(got, kPatienceMs);
    QVERIFY2(*got, *got ? "" : qPrintable(got->error().place + u' ' + got->error().detail));
    QVERIFY((*got)->home);
    QCOMPARE((*got)->home->devices.size(), 1U);
    QCOMPARE((*got)->home->devices[0].name, u"nas"_s);
    QCOMPARE((*got)->exits.size(), 1U);
}

void HelperClientTest::configureSendsTheWholeConfiguration()
{
    TestBus bus;
    FakeHelperProcess helper(bus);
    HelperClient client(bus.connect());
    Configuration configuration;
    configuration.exits.push_back({u"nas"_s, DeviceExit{u"nas"_s}});
    Answers answers;
    client.configure(configuration, &answers.context, answers.expect(u"configure"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QVERIFY(answers.replies[0]);
    QCOMPARE(helper.log().size(), 1);
    QVERIFY(helper.log()[0].startsWith(u"Configure exits"_s));
}

void HelperClientTest::secretTravelsAsASealedMemfd()
{
    TestBus bus;
    FakeHelperProcess helper(bus);
    HelperClient client(bus.connect());
    const SecretKey key = SecretKey::generatePrivate();
    std::array<char, 44> text{};
    key.toBase64(text);
    Answers answers;
    client.provideSecret(u"exit/mullvad-se"_s, key, &answers.context, answers.expect(u"secret"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QVERIFY(answers.replies[0]);
    const QString expected = u"ProvideSecret exit/mullvad-se sealed "_s + QLatin1StringView(text.data(), text.size());
    QVERIFY(helper.log() == QStringList{expected}); // not QCOMPARE: it would print the key
}

void HelperClientTest::namedErrorsAreMapped_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("detail");
    QTest::newRow("refused") << u"refused"_s << int(Errc::NotAuthorized) << u"This session may not switch."_s;
    QTest::newRow("kernel") << u"kernel-refused"_s << int(Errc::KernelRefused)
                            << u"sally-exit: Operation not permitted"_s;
    QTest::newRow("superseded") << u"superseded"_s << int(Errc::Superseded) << u"A newer request was accepted."_s;
}

void HelperClientTest::namedErrorsAreMapped()
{
    QFETCH(QString, scenario);
    QFETCH(int, code);
    QFETCH(QString, detail);
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, scenario});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QCOMPARE(int(answers.onlyError()), code);
    QCOMPARE(answers.replies[0].error().detail, detail);
}

void HelperClientTest::slowHelperTimesOut()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"silent"_s});
    HelperClient client(bus.connect());
    client.setReplyTimeout(300ms);
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QCOMPARE(answers.onlyError(), Errc::TimedOut);
    QCOMPARE(HelperClient::kReplyTimeout, 120s);
}

void HelperClientTest::dyingHelperIsUnavailableNotSlow()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"dies"_s});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QCOMPARE(answers.onlyError(), Errc::HelperUnavailable);
    QTRY_VERIFY_WITH_TIMEOUT(!client.isAvailable(), kPatienceMs);
}

void HelperClientTest::callsThatCrossAreAnsweredEachForItself()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"slow"_s});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    client.setIntent(exitOn(), &answers.context, answers.expect(u"exit"_s));
    QTRY_COMPARE_WITH_TIMEOUT(helper.log().size(), 2, kPatienceMs);
    QVERIFY(helper.log()[0].contains(u"home"_s)); // sent in the order of the calls
    helper.release(true);
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 2U, kPatienceMs);
    QCOMPARE(answers.order, (QStringList{u"exit"_s, u"home"_s}));
}

void HelperClientTest::tooOldHelperIsRefusedAndNotCalled()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"too-old"_s});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QCOMPARE(answers.onlyError(), Errc::UnsupportedRequirement);
    QVERIFY(answers.replies[0].error().detail.contains(u"too old"_s));
    QCOMPARE(helper.log(), QStringList{});
}

void HelperClientTest::newerMinorVersionIsFine()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"newer"_s});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QVERIFY(answers.replies[0]);
}

void HelperClientTest::otherInterfaceIsAnotherVersion()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--without-interface"_s});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QCOMPARE(answers.onlyError(), Errc::UnsupportedRequirement);
}

void HelperClientTest::versionIsAskedAgainAfterARestart()
{
    TestBus bus;
    HelperClient client(bus.connect());
    Answers answers;
    {
        FakeHelperProcess old(bus, {u"--play"_s, u"too-old"_s});
        client.setIntent(homeOn(), &answers.context, answers.expect(u"old"_s));
        QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    }
    QTRY_VERIFY_WITH_TIMEOUT(!client.isAvailable(), kPatienceMs);
    FakeHelperProcess updated(bus);
    QTRY_VERIFY_WITH_TIMEOUT(client.isAvailable(), kPatienceMs);
    client.setIntent(homeOn(), &answers.context, answers.expect(u"new"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 2U, kPatienceMs);
    QVERIFY(!answers.replies[0]);
    QVERIFY(answers.replies[1]);
}

void HelperClientTest::garbageIsSurvived()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"garbage"_s});
    HelperClient client(bus.connect());
    QSignalSpy spy(&client, &HelperClient::snapshotChanged);
    std::optional<Result<Snapshot>> snapshot;
    std::optional<Result<Configuration>> configuration;
    client.fetchSnapshot(this, [&](const Result<Snapshot> &answer) { snapshot = answer; });
    client.fetchConfiguration(this, [&](const Result<Configuration> &answer) { configuration = answer; });
    QTRY_VERIFY_WITH_TIMEOUT(snapshot && configuration, kPatienceMs);
    QVERIFY(!*snapshot);
    QVERIFY(!*configuration);
    QCOMPARE(configuration->error().code, Errc::InvalidArgument);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"Ignored an unreadable snapshot"_s));
    helper.emitGarbage();
    helper.play(u"both"_s);
    QTRY_COMPARE_WITH_TIMEOUT(spy.size(), 1, kPatienceMs); // the good one after the garbage, and only that
    QVERIFY(spy[0][0].value<Snapshot>().exit.enabled);
}

void HelperClientTest::watchIsRememberedForTheNextHelper()
{
    TestBus bus;
    HelperClient client(bus.connect());
    client.watch(true);
    FakeHelperProcess first(bus);
    QTRY_COMPARE_WITH_TIMEOUT(first.count(u"Watch on"_s), 1, kPatienceMs);
    first.kill();
    QTRY_VERIFY_WITH_TIMEOUT(!client.isAvailable(), kPatienceMs);
    FakeHelperProcess second(bus);
    QTRY_COMPARE_WITH_TIMEOUT(second.count(u"Watch on"_s), 1, kPatienceMs);
    client.watch(false);
    QTRY_COMPARE_WITH_TIMEOUT(second.count(u"Watch off"_s), 1, kPatienceMs);
}

void HelperClientTest::replyIsDroppedWithItsContext()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"slow"_s});
    HelperClient client(bus.connect());
    auto gone = std::make_unique<QObject>();
    bool called = false;
    client.setIntent(homeOn(), gone.get(), [&](const Result<Done> &) { called = true; });
    QTRY_COMPARE_WITH_TIMEOUT(helper.log().size(), 1, kPatienceMs);
    gone.reset();
    Answers answers;
    client.setIntent(exitOn(), &answers.context, answers.expect(u"exit"_s));
    QTRY_COMPARE_WITH_TIMEOUT(helper.log().size(), 2, kPatienceMs);
    helper.release();
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs); // comes after the dropped one
    QVERIFY(!called);
}

void HelperClientTest::busThatDiesAnswersWhatIsOpen()
{
    TestBus bus;
    FakeHelperProcess helper(bus, {u"--play"_s, u"silent"_s});
    HelperClient client(bus.connect());
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    QTRY_COMPARE_WITH_TIMEOUT(helper.log().size(), 1, kPatienceMs);
    bus.kill();
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 1U, kPatienceMs);
    QVERIFY(!answers.replies[0]);
    QTRY_VERIFY_WITH_TIMEOUT(!client.isConnected(), kPatienceMs);
}

void HelperClientTest::deadBusIsRefusedAtOnce()
{
    HelperClient client(QDBusConnection(u"no-such-connection"_s));
    Answers answers;
    client.setIntent(homeOn(), &answers.context, answers.expect(u"home"_s));
    client.provideSecret(u"home"_s, SecretKey::generatePrivate(), &answers.context, answers.expect(u"secret"_s));
    QTRY_COMPARE_WITH_TIMEOUT(answers.replies.size(), 2U, kPatienceMs);
    QCOMPARE(answers.replies[0].error().code, Errc::HelperUnavailable);
    QVERIFY(answers.replies[0].error().detail.contains(u"system bus"_s));
    QVERIFY(!client.isAvailable());
}

QTEST_GUILESS_MAIN(HelperClientTest)
#include "helper_client_test.moc"
