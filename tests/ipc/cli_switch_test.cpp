// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/cli_world.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <csignal>

using namespace sallyport::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// The switches, the status and every exit code, by the real program on a real bus.
class CliSwitchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void homeOn_returnsWhenHomeIsUp();
    void exitOn_returnsWhenTheExitAnswers();
    void exitOn_failsWithTheReasonWhenItDoesNotAnswer();
    void noWait_returnsAtOnce();
    void exitUse_chooses();
    void exitOff_isReached();
    void lockdownAndPause_askForWhatWasSaid();
    void refusals_haveTheirExitCodes_data();
    void refusals_haveTheirExitCodes();
    void withoutHelper_itIsFour_data();
    void withoutHelper_itIsFour();
    void tooOldHelper_isFour();
    void withoutBus_itIsFour();
    void wrongLines_areTwo();
    void aHelperThatLeavesMeanwhile_isFour();
    void ctrlC_leavesTheIntentAndSaysSo();
    void progress_isShownOnATerminalOnly();
    void status_printsTheContract();
    void status_watchPrintsEveryChange();
    void status_watchEndsWithWhoReadsIt();
    void garbage_isSurvived();
    void evilNames_areMadePrintable();
    void aFullDisk_isAFailure();

private:
    Sally sally() const { return Sally(m_bus->address()); }
    Ran run(const QString &line) { return sally().run(line.split(u' ')); }

    std::unique_ptr<TestBus> m_bus;
    std::unique_ptr<CliHelper> m_helper;
};

namespace {

bool isOneLine(const QString &text)
{
    return text.startsWith(u"sally: ") && text.count(u'\n') == 1 && text.endsWith(u'\n');
}

} // namespace

void CliSwitchTest::init()
{
    m_bus = std::make_unique<TestBus>();
    m_helper = std::make_unique<CliHelper>(m_bus->connect());
}

void CliSwitchTest::cleanup()
{
    m_helper.reset();
    m_bus.reset();
}

void CliSwitchTest::homeOn_returnsWhenHomeIsUp()
{
    const Ran ran = run(u"home on"_s);
    QCOMPARE(ran.code, 0);
    QCOMPARE(m_helper->intents, (QList<QVariantMap>{{{u"home"_s, true}}}));
    QVERIFY2(ran.out.contains(u"Home is on."_s), qPrintable(ran.out));
    QCOMPARE(ran.err, QString());
    QCOMPARE(run(u"home off"_s).code, 0);
    QCOMPARE(m_helper->intents.last(), (QVariantMap{{u"home"_s, false}}));
}

void CliSwitchTest::exitOn_returnsWhenTheExitAnswers()
{
    m_helper->answersAfter = 700ms;
    const Ran ran = run(u"exit use mullvad-se --json"_s);
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY2(ran.took >= 700ms, "it did not wait for the answer");
    QCOMPARE(json(ran).value(u"exit"_s).toMap().value(u"phase"_s).toString(), u"up"_s);
    QCOMPARE(json(ran).value(u"schema"_s).toInt(), 1);
    QVERIFY2(m_helper->watched, "without Watch the helper does not look for handshakes");
}

void CliSwitchTest::exitOn_failsWithTheReasonWhenItDoesNotAnswer()
{
    m_helper->answersAfter.reset();
    const Ran ran = run(u"exit use mullvad-se --wait 1"_s);
    QCOMPARE(ran.code, 5);
    QVERIFY2(ran.took >= 1000ms && ran.took < 8000ms, qPrintable(QString::number(ran.took.count())));
    QVERIFY2(isOneLine(ran.err) && ran.err.contains(u"mullvad-se has not answered for 1 s"_s), qPrintable(ran.err));
    QCOMPARE(ran.out, QString());
    QCOMPARE(m_helper->intents.size(), 1);
}

void CliSwitchTest::noWait_returnsAtOnce()
{
    m_helper->answersAfter.reset();
    const Ran ran = run(u"exit on --no-wait"_s);
    QCOMPARE(ran.code, 0);
    QCOMPARE(ran.out + ran.err, QString());
    const Ran state = run(u"exit on --no-wait --json"_s);
    QCOMPARE(state.code, 0);
    QCOMPARE(json(state).value(u"exit"_s).toMap().value(u"phase"_s).toString(), u"starting"_s);
}

void CliSwitchTest::exitUse_chooses()
{
    QCOMPARE(run(u"exit use mullvad-de"_s).code, 0);
    QCOMPARE(m_helper->intents.last(), (QVariantMap{{u"exit"_s, true}, {u"exitName"_s, u"mullvad-de"_s}}));
}

void CliSwitchTest::exitOff_isReached()
{
    QCOMPARE(run(u"exit use mullvad-de"_s).code, 0);
    const Ran ran = run(u"exit off"_s);
    QCOMPARE(ran.code, 0);
    QVERIFY2(ran.out.contains(u"Exit is off."_s), qPrintable(ran.out));
}

void CliSwitchTest::lockdownAndPause_askForWhatWasSaid()
{
    QCOMPARE(run(u"lockdown on"_s).code, 0);
    QCOMPARE(m_helper->intents.last(), (QVariantMap{{u"lockdown"_s, true}}));
    QCOMPARE(run(u"pause 15"_s).code, 0);
    QCOMPARE(m_helper->intents.last(), (QVariantMap{{u"pauseSeconds"_s, 900U}}));
    QCOMPARE(run(u"pause off"_s).code, 0);
    QCOMPARE(m_helper->intents.last(), (QVariantMap{{u"pauseSeconds"_s, 0U}}));
}

void CliSwitchTest::refusals_haveTheirExitCodes_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("code");
    QTest::newRow("not authorised") << u"NotAuthorized"_s << 3;
    QTest::newRow("nobody to ask") << u"AuthorizationUnavailable"_s << 3;
    QTest::newRow("unknown name") << u"UnknownName"_s << 1;
    QTest::newRow("not configured") << u"NotConfigured"_s << 1;
    QTest::newRow("feature missing") << u"FeatureMissing"_s << 1;
    QTest::newRow("kernel") << u"KernelRefused"_s << 1;
    QTest::newRow("storage") << u"StorageFailed"_s << 1;
    QTest::newRow("helper cannot do it") << u"UnsupportedRequirement"_s << 4;
    QTest::newRow("superseded") << u"Superseded"_s << 1;
    QTest::newRow("from the future") << u"NeverHeardOf"_s << 1;
}

void CliSwitchTest::refusals_haveTheirExitCodes()
{
    QFETCH(QString, error);
    QFETCH(int, code);
    m_helper->refuseWith = error;
    for (const QString &line : {u"home on"_s, u"exit use nowhere"_s, u"lockdown off"_s, u"pause 5"_s}) {
        const Ran ran = run(line);
        QCOMPARE(ran.code, code);
        QVERIFY2(isOneLine(ran.err) && ran.err.contains(u"The test says no"_s), qPrintable(ran.err));
        QCOMPARE(ran.out, QString());
    }
}

void CliSwitchTest::withoutHelper_itIsFour_data()
{
    QTest::addColumn<QString>("line");
    for (const char *line :
        {"status", "status --json", "home on", "exit off", "exit list", "lockdown on", "pause 5", "device list",
            "device show nas", "device remove nas", "device pin nas 192.0.2.1:1", "why nas", "export nas"})
        QTest::newRow(line) << QString::fromLatin1(line);
}

void CliSwitchTest::withoutHelper_itIsFour()
{
    QFETCH(QString, line);
    m_helper.reset();
    const Ran ran = run(line);
    QCOMPARE(ran.code, 4);
    QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
    QCOMPARE(ran.out, QString());
}

void CliSwitchTest::tooOldHelper_isFour()
{
    m_helper->spokenVersion = 0;
    for (const QString &line : {u"home on"_s, u"status"_s, u"exit off"_s}) {
        const Ran ran = run(line);
        QVERIFY2(ran.code == 4, qPrintable(ran.err));
        QVERIFY2(isOneLine(ran.err) && ran.err.contains(u"too old"_s) && ran.err.contains(u"; update it"_s),
            qPrintable(ran.err));
        QCOMPARE(ran.out, QString());
    }
    QVERIFY(m_helper->intents.isEmpty());
}

void CliSwitchTest::withoutBus_itIsFour()
{
    Sally alone(u"unix:path=/nonexistent/bus"_s);
    const Ran ran = alone.run({u"status"_s});
    QCOMPARE(ran.code, 4);
    QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
}

void CliSwitchTest::wrongLines_areTwo()
{
    for (const QString &line : {u"frobnicate"_s, u"why"_s, u"report"_s, u"home maybe"_s, u"exit on --wait 0"_s}) {
        const Ran ran = run(line);
        QCOMPARE(ran.code, 2);
        QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
    }
    QCOMPARE(run(u"--help"_s).code, 0);
    QVERIFY(run(u"--help"_s).out.contains(u"  sally why "_s) && run(u"--help"_s).out.contains(u"  sally report "_s));
    QVERIFY(run(u"exit --help"_s).out.contains(u"exit use NAME"_s));
    QCOMPARE(run(u"--version"_s).out, QStringLiteral("sally " SALLYPORT_VERSION "\n"));
}

void CliSwitchTest::aHelperThatLeavesMeanwhile_isFour()
{
    m_helper->answersAfter.reset();
    Sally program = sally();
    program.start({u"exit"_s, u"on"_s, u"--wait"_s, u"2"_s});
    QTRY_COMPARE(m_helper->intents.size(), 1);
    QTest::qWait(0);
    QTRY_VERIFY(m_helper->watched);
    m_helper.reset();
    const Ran ran = program.finish();
    QCOMPARE(ran.code, 4);
    QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
}

void CliSwitchTest::ctrlC_leavesTheIntentAndSaysSo()
{
    m_helper->answersAfter.reset();
    Sally program = sally();
    program.start({u"exit"_s, u"on"_s});
    QTRY_COMPARE(m_helper->intents.size(), 1);
    QCOMPARE(::kill(pid_t(program.process().processId()), SIGINT), 0);
    const Ran ran = program.finish();
    QCOMPARE(ran.code, 130);
    QVERIFY2(isOneLine(ran.err) && ran.err.contains(u"interrupted"_s), qPrintable(ran.err));
    QCOMPARE(m_helper->intents.size(), 1);
}

void CliSwitchTest::progress_isShownOnATerminalOnly()
{
    m_helper->answersAfter = 2500ms;
    // script(1) gives the program a terminal; what it shows there comes out of script's standard output.
    const QString line = QCoreApplication::applicationDirPath() + u"/sally exit use mullvad-se"_s;
    Sally program = sally();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, m_bus->address());
    program.process().setProcessEnvironment(environment);
    program.process().start(u"script"_s, {u"-qefc"_s, line, u"/dev/null"_s});
    const Ran ran = program.finish();
    QCOMPARE(ran.code, 0);
    QVERIFY2(ran.out.contains(u"Asking mullvad-se to answer… 1 s"_s), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"… 2 s"_s), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"Your way out is mullvad-se."_s), qPrintable(ran.out));
}

void CliSwitchTest::status_printsTheContract()
{
    QCOMPARE(run(u"exit use mullvad-se"_s).code, 0);
    const Ran words = run(u"status"_s);
    QCOMPARE(words.code, 0);
    QVERIFY2(words.out.contains(u"Your way out is mullvad-se."_s), qPrintable(words.out));
    const QVariantMap map = json(run(u"status --json"_s));
    QCOMPARE(map.value(u"schema"_s).toInt(), 1);
    QVERIFY(map.value(u"revision"_s).toInt() > 0);
    QCOMPARE(map.value(u"helper"_s).toMap().value(u"version"_s).toString(), m_helper->version());
    QCOMPARE(map.value(u"exit"_s).toMap().value(u"name"_s).toString(), u"mullvad-se"_s);
    QCOMPARE(map.value(u"guard"_s).toMap().value(u"state"_s).toString(), u"connected"_s);
    QVERIFY(map.value(u"home"_s).toMap().contains(u"peers"_s) && map.contains(u"conflicts"_s));
    QVERIFY(map.contains(u"lastError"_s) && map.value(u"lastError"_s).isNull());
}

void CliSwitchTest::status_watchPrintsEveryChange()
{
    Sally program = sally();
    program.start({u"status"_s, u"--watch"_s, u"--json"_s});
    QTRY_VERIFY(m_helper->watched);
    m_helper->publish();
    QByteArray seen;
    const auto linesSeen = [&] {
        seen += program.process().readAllStandardOutput();
        return seen.count('\n');
    };
    QTRY_VERIFY(linesSeen() >= 2);
    m_helper.reset();
    QByteArray told;
    const auto isStopTold = [&] {
        told += program.process().readAllStandardError();
        return told.contains("has stopped");
    };
    QTRY_VERIFY(isStopTold());
    m_helper = std::make_unique<CliHelper>(m_bus->connect());
    QTRY_VERIFY(linesSeen() >= 3);
    for (const QByteArray &line : seen.trimmed().split('\n'))
        QCOMPARE(QJsonDocument::fromJson(line).object().value(u"schema"_s).toInt(), 1);
    program.process().terminate();
    program.finish();
}

void CliSwitchTest::status_watchEndsWithWhoReadsIt()
{
    Sally program = sally();
    const QString script = u"\"$@\" | head -n 1; echo ended ${PIPESTATUS[0]}"_s;
    program.startThrough({u"bash"_s, u"-c"_s, script, u"bash"_s}, {u"status"_s, u"--watch"_s, u"--json"_s});
    const Ran ran = program.finish(); // nothing changes meanwhile
    QVERIFY2(ran.out.endsWith(u"}\nended 1\n"_s), qPrintable(ran.out + ran.err));
    QVERIFY(ran.err.isEmpty());
    QVERIFY(m_helper->watched);
}

void CliSwitchTest::garbage_isSurvived()
{
    m_helper->snapshot = {{u"revision"_s, u"many"_s}, {u"home"_s, 7}, {u"exit"_s, QVariantList{1, 2}},
        {u"guard"_s, QString(100000, u'x')}, {u"conflicts"_s, u"none"_s}};
    m_helper->configuration = {{u"home"_s, u"not a map"_s}};
    QCOMPARE(run(u"status --json"_s).code, 0);
    QCOMPARE(run(u"status"_s).code, 0);
    const Ran list = run(u"device list"_s);
    QCOMPARE(list.code, 1);
    QVERIFY2(isOneLine(list.err), qPrintable(list.err));
    QCOMPARE(run(u"home on --wait 1"_s).code, 5);
}

void CliSwitchTest::evilNames_areMadePrintable()
{
    m_helper->snapshot = {{u"guard"_s, QVariantMap{{u"state"_s, u"open"_s}, {u"sentence"_s, u"\x1b[2J\u202egone"_s}}}};
    for (const QString &line : {u"status"_s, u"status --json"_s}) {
        const QString out = run(line).out;
        QVERIFY2(
            out.contains(u"\\u001b[2J"_s) && !out.contains(u'\x1b') && !out.contains(QChar(0x202e)), qPrintable(out));
    }
}

void CliSwitchTest::aFullDisk_isAFailure()
{
    Sally program = sally();
    program.process().setStandardOutputFile(u"/dev/full"_s);
    const Ran ran = program.run({u"status"_s});
    QCOMPARE(ran.code, 1);
    QVERIFY2(isOneLine(ran.err), qPrintable(ran.err));
}

QTEST_GUILESS_MAIN(CliSwitchTest)
#include "cli_switch_test.moc"
