// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_lists.h"
#include "app/cli/print_status.h"
#include "app/cli/switch_words.h"
#include "app/cli/text.h"
#include "app/health/health.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

using namespace sallyport;
using namespace sallyport::cli;
using namespace Qt::StringLiterals;

namespace {

Snapshot exitIs(Phase phase, GuardState guard)
{
    Snapshot snapshot;
    snapshot.exit.enabled = true;
    snapshot.exit.phase = phase;
    snapshot.exit.name = u"mullvad-se"_s;
    snapshot.guard.state = guard;
    return snapshot;
}

SwitchRequest exitOn(const QString &name = {})
{
    SwitchRequest request;
    request.which = Switch::Exit;
    request.on = true;
    request.exitName = name;
    return request;
}

SystemFacts goodSystem()
{
    SystemFacts system;
    system.wireguardModule = Support::Yes;
    system.nftables = Support::Yes;
    system.resolvConf = u"nameserver 127.0.0.53\n"_s;
    system.interfaces = QStringList{u"lo"_s, u"eth0"_s, u"sally-home"_s};
    return system;
}

BusFacts goodBus()
{
    Snapshot snapshot;
    snapshot.helperVersion = QStringLiteral(SALLYPORT_VERSION);
    BusFacts bus;
    bus.connected = true;
    bus.polkit = true;
    bus.resolved = true;
    bus.snapshot = snapshot;
    return bus;
}

Finding finding(const std::vector<Finding> &findings, const QString &subject)
{
    for (const Finding &each : findings) {
        if (each.subject == subject)
            return each;
    }
    qFatal("nothing about %s", qPrintable(subject));
}

} // namespace

class CliWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void foreignText_cannotMoveTheCursor();
    void errors_areOneSentence();
    void tables_areAlignedAndPrintable();
    void numbers_areShort();
    void exitIsReached_onlyByAnAnswerOfTheRightExit();
    void homeIsReached_whenItIsUp();
    void off_isReachedWhenNothingIsLeft();
    void aTimeout_saysWhyAndWhatToDo();
    void anInterruption_saysWhatStays();
    void status_showsDevicesConflictsAndTheLastError();
    void doctor_tellsWhatWasFoundAndWhoIsInTheWay();
    void exits_areListedWithTheChosenOne();
    void aHealthyMachine_hasOnlyGoodFindings();
    void whoAnswersForNames_isTold();
    void eachFault_isFoundAndHasAdvice();
    void resolvers_areToldApart();
};

void CliWordsTest::foreignText_cannotMoveTheCursor()
{
    QCOMPARE(printable(u"nas"_s), u"nas"_s);
    QCOMPARE(printable(u"Wohnzimmer-Gerät 家 🏠"_s), u"Wohnzimmer-Gerät 家 🏠"_s);
    QCOMPARE(printable(u"a\x1b[2Jb"_s), u"a\\u001b[2Jb"_s);
    QCOMPARE(printable(u"a\r\nb\x7f"_s), u"a\\u000d\\u000ab\\u007f"_s);
    QCOMPARE(printable(u"a\x009b"_s + u"2Jb"_s), u"a\\u009b2Jb"_s);
    QCOMPARE(printable(u"a\u202egpj.exe"_s), u"a\\u202egpj.exe"_s);
    QCOMPARE(printable(u"a\u2028b"_s), u"a\\u2028b"_s);
    QCOMPARE(printable(QString(QChar(0xd83c))), u"\\ud83c"_s);
}

void CliWordsTest::errors_areOneSentence()
{
    const auto sentence = [](Errc code, const QString &detail, const QString &place) {
        return sentenceOf(Error{code, detail, place});
    };
    QCOMPARE(sentence(Errc::InvalidArgument, u"This is not a key."_s, u"home.devices[2].publicKey"_s),
        u"This is not a key, at home.devices[2].publicKey"_s);
    QCOMPARE(sentence(Errc::InvalidArgument, u"must be lan, public or any."_s, u"a.scope"_s),
        u"a.scope must be lan, public or any"_s);
    QVERIFY(sentence(Errc::NotAuthorized, u"No."_s, {}).contains(u"; "_s));
    QVERIFY(!sentence(Errc::Internal, u"Two\nlines"_s, {}).contains(u'\n'));
    QVERIFY(!sentence(Errc::Internal, {}, {}).isEmpty());
}

void CliWordsTest::tables_areAlignedAndPrintable()
{
    QCOMPARE(table({{u"A"_s, u"B"_s}, {u"longer"_s, u"x\ny"_s}, {u"c"_s, {}}}),
        (QStringList{u"A       B"_s, u"longer  x\\u000ay"_s, u"c"_s}));
    QCOMPARE(table({}), QStringList());
}

void CliWordsTest::numbers_areShort()
{
    QCOMPARE(duration(0), u"0 s"_s);
    QCOMPARE(duration(119), u"119 s"_s);
    QCOMPARE(duration(120), u"2 min"_s);
    QCOMPARE(duration(7200), u"2 h"_s);
    QCOMPARE(duration(200000), u"2 d"_s);
    QCOMPARE(byteCount(0), u"0 B"_s);
    QCOMPARE(byteCount(1536), u"1.5 KiB"_s);
    QCOMPARE(byteCount(~0ULL), u"16.0 EiB"_s);
}

void CliWordsTest::exitIsReached_onlyByAnAnswerOfTheRightExit()
{
    QVERIFY(isReached(exitOn(), exitIs(Phase::Up, GuardState::Connected)));
    QVERIFY(isReached(exitOn(u"mullvad-se"_s), exitIs(Phase::Up, GuardState::Connected)));
    QVERIFY(!isReached(exitOn(u"mullvad-de"_s), exitIs(Phase::Up, GuardState::Connected)));
    for (const Phase phase : {Phase::Off, Phase::Starting, Phase::Stale, Phase::Failed})
        QVERIFY(!isReached(exitOn(), exitIs(phase, GuardState::Connecting)));
    Snapshot others = exitIs(Phase::Up, GuardState::Connected);
    others.exit.enabled = false;
    QVERIFY(!isReached(exitOn(), others));
}

void CliWordsTest::homeIsReached_whenItIsUp()
{
    SwitchRequest request;
    request.on = true;
    Snapshot snapshot;
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Starting;
    QVERIFY(!isReached(request, snapshot));
    snapshot.home.phase = Phase::Up;
    QVERIFY(isReached(request, snapshot));
}

void CliWordsTest::off_isReachedWhenNothingIsLeft()
{
    SwitchRequest request = exitOn();
    request.on = false;
    Snapshot snapshot = exitIs(Phase::Off, GuardState::Open);
    QVERIFY(!isReached(request, snapshot));
    snapshot.exit.enabled = false;
    QVERIFY(isReached(request, snapshot));
    snapshot.exit.phase = Phase::Up;
    QVERIFY(!isReached(request, snapshot));
}

void CliWordsTest::aTimeout_saysWhyAndWhatToDo()
{
    const QString blocked = reasonLine(exitOn(), exitIs(Phase::Failed, GuardState::Blocked));
    QVERIFY2(blocked.startsWith(u"mullvad-se has not answered for 10 s and the internet stays blocked"_s),
        qPrintable(blocked));
    QVERIFY(blocked.contains(u"sally exit use"_s));
    Snapshot broken = exitIs(Phase::Failed, GuardState::Blocked);
    broken.lastError = Error{Errc::KernelRefused, u"sally-exit: Operation not permitted"_s, {}};
    QVERIFY(reasonLine(exitOn(), broken).contains(u"Operation not permitted"_s));
    QCOMPARE(
        progressLine(exitOn(u"mullvad-de"_s), broken, std::chrono::seconds(3)), u"Asking mullvad-de to answer… 3 s"_s);
}

void CliWordsTest::anInterruption_saysWhatStays()
{
    const QString line = interruptedLine(exitOn(), true);
    QVERIFY2(line.contains(u"Exit on stays asked for"_s) && line.contains(u"sally exit off"_s), qPrintable(line));
    QVERIFY(interruptedLine(exitOn(), false).contains(u"may still be carried out"_s));
}

void CliWordsTest::status_showsDevicesConflictsAndTheLastError()
{
    Snapshot snapshot = exitIs(Phase::Up, GuardState::Connected);
    snapshot.exit.endpoint = u"198.51.100.7:51820"_s;
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Up;
    PeerSnapshot nas;
    nas.name = u"na\x1bs"_s;
    nas.phase = PeerPhase::Stale;
    nas.addresses = QStringList{u"10.42.1.4"_s};
    nas.via = Via::Lan;
    nas.activity.handshakeAge = std::chrono::seconds(240);
    nas.activity.receivedBytes = 2048;
    snapshot.home.peers.push_back(nas);
    snapshot.conflicts.push_back({u"Tailscale"_s, u"it uses its own exit."_s, u"Switch it off."_s});
    snapshot.lastError = Error{Errc::KernelRefused, u"It did not."_s, {}};
    const QString text = statusLines(snapshot).join(u'\n');
    for (const QString &part : {u"mullvad-se"_s, u"198.51.100.7:51820"_s, u"na\\u001bs"_s, u"stale"_s, u"10.42.1.4"_s,
             u"lan"_s, u"4 min ago"_s, u"2.0 KiB"_s, u"Tailscale"_s, u"Switch it off."_s, u"It did not"_s})
        QVERIFY2(text.contains(part), qPrintable(part + u" is missing in\n"_s + text));
    QVERIFY(!text.contains(u'\x1b'));
}

void CliWordsTest::doctor_tellsWhatWasFoundAndWhoIsInTheWay()
{
    BusFacts bus = goodBus();
    bus.snapshot->found.ours = QStringList{u"24 rules from preference 5100"_s, u"15 routes"_s};
    bus.snapshot->found.others = QStringList{u"interface tailscale0 (Tailscale)"_s};
    bus.snapshot->conflicts = {{u"Tailscale"_s, u"it uses its own exit."_s, u"Switch it off."_s}};
    const auto findings = examine(goodSystem(), bus);
    QCOMPARE(finding(findings, u"ours"_s).sentence, u"In the kernel: 24 rules from preference 5100; 15 routes."_s);
    QCOMPARE(finding(findings, u"others"_s).sentence, u"In the kernel: interface tailscale0 (Tailscale)."_s);
    QCOMPARE(finding(findings, u"others"_s).health, Health::Ok);
    QCOMPARE(finding(findings, u"conflict"_s).health, Health::Warning);
    QCOMPARE(finding(findings, u"conflict"_s).advice, u"Switch it off."_s);
}

void CliWordsTest::exits_areListedWithTheChosenOne()
{
    const Configuration configuration = sample::configuration();
    Snapshot snapshot;
    snapshot.exit.name = configuration.exits.front().name;
    snapshot.exit.enabled = true;
    const QVariantList exits = exitListMap(configuration, snapshot).value(u"exits"_s).toList();
    QCOMPARE(exits.size(), qsizetype(configuration.exits.size()));
    QVERIFY(exits[0].toMap().value(u"on"_s).toBool());
    QVERIFY(!exits[1].toMap().value(u"chosen"_s).toBool());
    QCOMPARE(exitListLines(configuration, snapshot).size(), exits.size() + 1);
    QCOMPARE(deviceListLines(*configuration.home).size(), qsizetype(configuration.home->devices.size()) + 1);
    QCOMPARE(deviceMap(configuration.home->devices.front()).value(u"name"_s).toString(),
        configuration.home->devices.front().name);
}

void CliWordsTest::aHealthyMachine_hasOnlyGoodFindings()
{
    for (const Finding &each : examine(goodSystem(), goodBus())) {
        QVERIFY2(each.health == Health::Ok, qPrintable(each.subject));
        QVERIFY2(each.advice.isEmpty() && !each.sentence.isEmpty(), qPrintable(each.subject));
    }
}

void CliWordsTest::whoAnswersForNames_isTold()
{
    using Kind = NameServerAnswer::Kind;
    SystemFacts system = goodSystem();
    system.nameServers = {{u"127.0.0.53"_s, Kind::Answered, std::chrono::milliseconds(4)}};
    QCOMPARE(finding(examine(system, goodBus()), u"names"_s).health, Health::Ok);
    QCOMPARE(finding(examine(system, goodBus()), u"names"_s).sentence,
        u"127.0.0.53 (systemd-resolved) answered after 4 ms."_s);
    system.nameServers
        = {{u"192.168.1.1"_s, Kind::Refused, {}}, {u"10.64.0.1"_s, Kind::Answered, std::chrono::milliseconds(9)}};
    QCOMPARE(finding(examine(system, goodBus()), u"names"_s).health, Health::Warning);
    QCOMPARE(finding(examine(system, goodBus()), u"names"_s).sentence,
        u"192.168.1.1 refused or is blocked; 10.64.0.1 answered after 9 ms."_s);
    system.nameServers
        = {{u"10.64.0.1"_s, Kind::Silent, std::chrono::milliseconds(2000)}, {u"::1"_s, Kind::Failed, {}}};
    const Finding nobody = finding(examine(system, goodBus()), u"names"_s);
    QCOMPARE(nobody.health, Health::Bad);
    QVERIFY2(nobody.sentence.contains(u"10.64.0.1 did not answer within 2000 ms"_s), qPrintable(nobody.sentence));
    QCOMPARE(nameServersIn(u"# nameserver 1.1.1.1\nsearch lan\nnameserver  10.0.0.1\nnameserver fe80::1%eth0\n"
                           "nameserver 10.0.0.3\nnameserver 10.0.0.4\n"_s),
        QStringList({u"10.0.0.1"_s, u"fe80::1%eth0"_s, u"10.0.0.3"_s}));
}

void CliWordsTest::eachFault_isFoundAndHasAdvice()
{
    SystemFacts system;
    system.wireguardModule = Support::No;
    system.nftables = Support::No;
    system.interfaces = QStringList{u"tailscale0"_s, u"wg0-mullvad"_s};
    BusFacts bus;
    bus.connected = true;
    const auto findings = examine(system, bus);
    for (const QString &subject : {u"helper"_s, u"polkit"_s, u"wireguard"_s, u"nftables"_s, u"resolver"_s}) {
        QVERIFY2(finding(findings, subject).health == Health::Bad, qPrintable(subject));
        QVERIFY2(!finding(findings, subject).advice.isEmpty(), qPrintable(subject));
    }
    const QString others = finding(findings, u"other VPNs"_s).sentence;
    QVERIFY2(others.contains(u"Tailscale (tailscale0)"_s) && others.contains(u"Mullvad (wg0-mullvad)"_s),
        qPrintable(others));
    QVERIFY(hasBad(findings));
    system.wireguardGo = u"/usr/bin/wireguard-go"_s;
    QCOMPARE(finding(examine(system, bus), u"wireguard"_s).health, Health::Bad);
    system.hasTunDevice = true;
    QCOMPARE(finding(examine(system, bus), u"wireguard"_s).health, Health::Warning);
    BusFacts older = goodBus();
    older.snapshot->helperVersion = u"0.0.1"_s;
    QCOMPARE(finding(examine(goodSystem(), older), u"helper"_s).health, Health::Warning);
    BusFacts stopped = goodBus();
    stopped.resolved = false;
    QCOMPARE(finding(examine(goodSystem(), stopped), u"resolver"_s).health, Health::Bad);
}

void CliWordsTest::resolvers_areToldApart()
{
    QVERIFY(resolverKind(u"# x\nnameserver 127.0.0.53\n"_s, {}) == ResolverKind::Resolved);
    QVERIFY(resolverKind({}, u"/run/systemd/resolve/stub-resolv.conf"_s) == ResolverKind::Resolved);
    QVERIFY(resolverKind(u"# Generated by NetworkManager\nnameserver 192.0.2.1"_s, {}) == ResolverKind::NetworkManager);
    QVERIFY(resolverKind(u"# Generated by resolvconf\nnameserver 192.0.2.1"_s, {}) == ResolverKind::Resolvconf);
    QVERIFY(resolverKind(u"nameserver 192.0.2.1"_s, {}) == ResolverKind::File);
    QVERIFY(resolverKind({}, {}) == ResolverKind::None);
}

QTEST_GUILESS_MAIN(CliWordsTest)
#include "cli_words_test.moc"
