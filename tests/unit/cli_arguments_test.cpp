// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/arguments.h"
#include "app/cli/command_specs.h"

#include <QFile>
#include <QTest>

using namespace sallyport;
using namespace sallyport::cli;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kKey = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";

QStringList words(const QString &line)
{
    return line.isEmpty() ? QStringList() : line.split(u' ');
}

template<class T>
T parsed(const QString &line)
{
    const auto request = parseArguments(words(line));
    if (!request)
        qFatal("'%s' is refused: %s", qPrintable(line), qPrintable(request.error().detail));
    const T *value = std::get_if<T>(&*request);
    if (!value)
        qFatal("'%s' is another request", qPrintable(line));
    return *value;
}

} // namespace

class CliArgumentsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void switches_haveAStateAndAPatience();
    void exitUse_switchesOn();
    void wait_isANumberOfSecondsOrNone();
    void pause_isInMinutes();
    void import_saysWhatTheFileIs();
    void export_hasOneForm();
    void device_isParsedCompletely();
    void waysAreNamedByDeviceAndAddress();
    void helpIsFoundAnywhere_exceptBehindTheEndOfOptions();
    void wrongLines_areRefusedWithAdvice_data();
    void wrongLines_areRefusedWithAdvice();
    void everyOptionIsInTheManual();
};

void CliArgumentsTest::switches_haveAStateAndAPatience()
{
    const auto request = parsed<SwitchRequest>(u"home on"_s);
    QVERIFY(request.which == Switch::Home && request.on && !request.json);
    QCOMPARE(request.patience, Patience(std::chrono::seconds(10)));
    const auto off = parsed<SwitchRequest>(u"exit --json off"_s);
    QVERIFY(off.which == Switch::Exit && !off.on && off.json && off.exitName.isEmpty());
    QVERIFY(parsed<LockdownRequest>(u"lockdown on"_s).on);
    QVERIFY(!parsed<LockdownRequest>(u"lockdown off"_s).on);
    QVERIFY(parsed<StatusRequest>(u"status --watch --json"_s).watch);
}

void CliArgumentsTest::exitUse_switchesOn()
{
    const auto request = parsed<SwitchRequest>(u"exit use mullvad-se"_s);
    QVERIFY(request.which == Switch::Exit && request.on);
    QCOMPARE(request.exitName, u"mullvad-se"_s);
    QCOMPARE(parsed<SwitchRequest>(u"exit use -- --odd"_s).exitName, u"--odd"_s);
}

void CliArgumentsTest::wait_isANumberOfSecondsOrNone()
{
    QCOMPARE(parsed<SwitchRequest>(u"exit on --wait 25"_s).patience, Patience(std::chrono::seconds(25)));
    QCOMPARE(parsed<SwitchRequest>(u"exit on --wait=3600"_s).patience, Patience(std::chrono::seconds(3600)));
    QCOMPARE(parsed<SwitchRequest>(u"home off --no-wait"_s).patience, Patience());
}

void CliArgumentsTest::pause_isInMinutes()
{
    QCOMPARE(parsed<PauseRequest>(u"pause 15"_s).length, std::chrono::minutes(15));
    QCOMPARE(parsed<PauseRequest>(u"pause off"_s).length, std::chrono::minutes(0));
}

void CliArgumentsTest::import_saysWhatTheFileIs()
{
    const auto request = parsed<ImportRequest>(u"import - --exit --name se --replace"_s);
    QCOMPARE(request.file, u"-"_s);
    QCOMPARE(request.name, u"se"_s);
    QVERIFY(request.as == ImportAs::Exit && request.replace);
    QVERIFY(parsed<ImportRequest>(u"import a.conf"_s).as == ImportAs::Guess);
    QVERIFY(parsed<ImportRequest>(u"import a.conf --home"_s).as == ImportAs::Home);
}

void CliArgumentsTest::export_hasOneForm()
{
    QVERIFY(parsed<ExportRequest>(u"export phone"_s).form == ExportForm::Conf);
    QVERIFY(parsed<ExportRequest>(u"export phone --qr"_s).form == ExportForm::Qr);
    const auto png = parsed<ExportRequest>(u"export phone --png a.png --key k"_s);
    QVERIFY(png.form == ExportForm::Png);
    QCOMPARE(png.pngFile, u"a.png"_s);
    QCOMPARE(png.keyFile, u"k"_s);
}

void CliArgumentsTest::device_isParsedCompletely()
{
    const auto request = parsed<DeviceAddRequest>(
        u"device add nas --key %1 --address 10.42.1.4 --address fd00::4 --endpoint nas.example.org:54445 "
        "--lan-endpoint 10.41.1.4:53333 --route 10.41.0.0/16 --alias storage --keepalive 25 --offers-exit"_s.arg(
            QLatin1StringView(kKey)));
    const Device &device = request.device;
    QCOMPARE(device.name, u"nas"_s);
    QCOMPARE(device.publicKey.toBase64(), QLatin1StringView(kKey));
    QCOMPARE(device.addresses.size(), 2U);
    QCOMPARE(device.addresses[1].toString(), u"fd00::4"_s);
    QCOMPARE(device.endpoints.size(), 2U);
    QCOMPARE(device.endpoints[0].endpoint.toString(), u"10.41.1.4:53333"_s);
    QVERIFY(device.endpoints[0].scope == EndpointScope::Lan && device.endpoints[1].scope == EndpointScope::Any);
    QCOMPARE(device.endpoints[1].endpoint.host, u"nas.example.org"_s);
    QCOMPARE(device.routes.at(0).toString(), u"10.41.0.0/16"_s);
    QCOMPARE(device.aliases, QStringList{u"storage"_s});
    QCOMPARE(device.persistentKeepalive, quint16(25));
    QVERIFY(device.offersExit);
}

void CliArgumentsTest::waysAreNamedByDeviceAndAddress()
{
    const auto pin = parsed<DevicePathRequest>(u"device pin nas [2001:db8::1]:53333 --json"_s);
    QCOMPARE(pin.path, (PathPreference{u"nas"_s, *HostEndpoint::parse(u"[2001:db8::1]:53333"), Preference::Pin}));
    QVERIFY(pin.json);
    QVERIFY(parsed<DevicePathRequest>(u"device prefer nas a.example:1"_s).path.use == Preference::Prefer);
    QVERIFY(parsed<DevicePathRequest>(u"device forbid nas a.example:1"_s).path.use == Preference::Forbid);
    QVERIFY(parsed<DevicePathRequest>(u"device release nas a.example:1"_s).path.use == Preference::None);
    QCOMPARE(parsed<WhyRequest>(u"why nas.wgnet --json"_s).host, u"nas.wgnet"_s);
}

void CliArgumentsTest::helpIsFoundAnywhere_exceptBehindTheEndOfOptions()
{
    QCOMPARE(parsed<HelpRequest>(u"--help"_s).command, QString());
    QCOMPARE(parsed<HelpRequest>(u"help"_s).command, QString());
    QCOMPARE(parsed<HelpRequest>(u"exit use --help"_s).command, u"exit"_s);
    QCOMPARE(parsed<HelpRequest>(u"help device"_s).command, u"device"_s);
    QCOMPARE(parsed<HelpRequest>(u"export -h --nonsense"_s).command, u"export"_s);
    QCOMPARE(parsed<SwitchRequest>(u"exit use -- --help"_s).exitName, u"--help"_s);
    parsed<VersionRequest>(u"--version"_s);
}

void CliArgumentsTest::wrongLines_areRefusedWithAdvice_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("mentioned");
    const QString add = u"device add nas --key %1 --address 10.42.1.4"_s.arg(QLatin1StringView(kKey));
    const std::vector<std::pair<QString, QString>> cases
        = {{QString(), u"no command"_s}, {u"frobnicate"_s, u"frobnicate"_s}, {u"why"_s, u"why HOST"_s},
            {u"report"_s, u"report"_s}, {u"report f --open --strict"_s, u"contradict"_s}, {u"why a b"_s, u"why HOST"_s},
            {u"why a --watch"_s, u"--watch"_s}, {u"help frobnicate"_s, u"frobnicate"_s},
            {u"status now"_s, u"sally status"_s}, {u"home"_s, u"home on|off"_s}, {u"home maybe"_s, u"home on|off"_s},
            {u"home on off"_s, u"home on|off"_s}, {u"home use nas"_s, u"home on|off"_s},
            {u"home list"_s, u"home on|off"_s}, {u"exit use"_s, u"exit use NAME"_s},
            {u"exit use a b"_s, u"exit use NAME"_s}, {u"exit on --wait"_s, u"needs a value"_s},
            {u"exit on --wait="_s, u"needs a value"_s}, {u"exit on --wait 0"_s, u"1 to 3600"_s},
            {u"exit on --wait 3601"_s, u"1 to 3600"_s}, {u"exit on --wait -1"_s, u"1 to 3600"_s},
            {u"exit on --wait 1.5"_s, u"1 to 3600"_s}, {u"exit on --wait +1"_s, u"1 to 3600"_s},
            {u"exit on --wait 99999999999999"_s, u"1 to 3600"_s}, {u"exit on --wait 1 --wait 2"_s, u"given twice"_s},
            {u"exit on --wait 1 --no-wait"_s, u"contradict"_s}, {u"exit on --json=yes"_s, u"takes no value"_s},
            {u"exit on --frob"_s, u"--frob"_s}, {u"exit on -x"_s, u"-x"_s}, {u"status --wait 1"_s, u"--wait"_s},
            {u"lockdown"_s, u"lockdown on|off"_s}, {u"pause"_s, u"pause MINUTES"_s}, {u"pause 0"_s, u"1 to 1440"_s},
            {u"pause 1441"_s, u"1 to 1440"_s}, {u"pause soon"_s, u"1 to 1440"_s}, {u"apply"_s, u"apply FILE"_s},
            {u"apply a b"_s, u"apply FILE"_s}, {u"import a --home --exit"_s, u"contradict"_s},
            {u"export"_s, u"export DEVICE"_s}, {u"export a --qr --conf"_s, u"contradict"_s},
            {u"export a --png"_s, u"needs a value"_s}, {u"device"_s, u"device list"_s},
            {u"device list all"_s, u"device list"_s}, {u"device list --key x"_s, u"device add"_s},
            {u"device pin nas"_s, u"device prefer|pin"_s}, {u"device pin nas 10.41.1.4"_s, u"endpoint"_s},
            {u"device forbid nas a:0"_s, u"port"_s}, {u"device release nas a:1 b:2"_s, u"release NAME ADDRESS"_s},
            {u"device pin nas a:1 --alias x"_s, u"device add"_s}, {u"device add nas"_s, u"needs --key"_s},
            {u"device add nas --key short --address 10.42.1.4"_s, u"key"_s}, {add + u" --address nas"_s, u"nas"_s},
            {add + u" --endpoint 10.41.1.4"_s, u"endpoint"_s}, {add + u" --endpoint 10.41.1.4:0"_s, u"port"_s},
            {add + u" --keepalive 70000"_s, u"65535"_s}, {add + u" --route 10.41.0.0/33"_s, u"10.41.0.0/33"_s},
            {u"keygen now"_s, u"keygen"_s}, {u"doctor now"_s, u"doctor"_s}, {u"unlock now"_s, u"unlock"_s}};
    for (const auto &[line, mentioned] : cases)
        QTest::newRow(qPrintable(line.left(60))) << line << mentioned;
}

void CliArgumentsTest::wrongLines_areRefusedWithAdvice()
{
    QFETCH(QString, line);
    QFETCH(QString, mentioned);
    const auto request = parseArguments(words(line));
    QVERIFY(!request);
    const QString &sentence = request.error().detail;
    QVERIFY2(sentence.contains(mentioned), qPrintable(sentence));
    QVERIFY2(sentence.contains(u"--help'"_s), qPrintable(sentence));
    QVERIFY2(!sentence.contains(u'\n'), qPrintable(sentence));
}

void CliArgumentsTest::everyOptionIsInTheManual()
{
    QFile file(QStringLiteral(SOURCE_DIR "/docs/man/sally.1"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString manual = QString::fromUtf8(file.readAll()).replace(u"\\-"_s, u"-"_s);
    for (const CommandSpec &command : commandSpecs()) {
        QVERIFY2(manual.contains(u"\n.SS \""_s + command.name), qPrintable(command.name));
        for (const OptionSpec &option : command.options)
            QVERIFY2(manual.contains(option.name), qPrintable(command.name + u' ' + option.name));
        const QString help = helpLines(command).join(u'\n');
        QVERIFY(help.contains(u"Example:"_s) && help.contains(u"Exit codes:"_s) && help.contains(u"Usage:"_s));
    }
}

QTEST_GUILESS_MAIN(CliArgumentsTest)
#include "cli_arguments_test.moc"
