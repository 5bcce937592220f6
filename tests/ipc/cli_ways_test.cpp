// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"
#include "core/wire/ledger_codec.h"
#include "core/wire/snapshot_codec.h"
#include "tests/ipc/cli_world.h"
#include "tests/support/fake_mesh.h"
#include "tests/support/sample_configuration.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QString kLan = u"10.41.1.4:53333"_s;

bool isOneLine(const QString &text)
{
    return text.startsWith(u"sally: ") && text.count(u'\n') == 1 && text.endsWith(u'\n');
}

/// Home is on, and the nas is where the configuration says.
QVariantMap homeOn()
{
    Snapshot snapshot;
    snapshot.home.configured = true;
    snapshot.home.enabled = true;
    snapshot.home.phase = Phase::Up;
    PeerSnapshot nas;
    nas.name = u"nas"_s;
    nas.publicKey = sample::key(nas.name);
    nas.addresses = QStringList{u"10.42.1.4"_s};
    nas.endpoint = kLan;
    nas.via = Via::Lan;
    nas.candidates
        = {{kLan, u"manual"_s, u"in-use"_s, Preference::Prefer}, {u"123.45.67.89:54445"_s, u"manual"_s, u"possible"_s}};
    PeerSnapshot vps = nas;
    vps.name = u"vps"_s;
    vps.publicKey = sample::key(vps.name);
    vps.endpoint.clear();
    snapshot.home.peers = {vps, nas};
    return {{u"home"_s, encodeSnapshot(snapshot).value(u"home"_s)}};
}

QVariantMap ledgerOfTheNas()
{
    LedgerCandidate lan;
    lan.written = *HostEndpoint::parse(kLan);
    lan.endpoint = *Endpoint::parse(kLan);
    lan.state = CandidateState::InUse;
    lan.roundTrip = 1240us;
    lan.known = 90s;
    lan.successes = 7;
    lan.failures = 1;
    LedgerCandidate name;
    name.written = *HostEndpoint::parse(u"nas.example.net:54445");
    name.source = CandidateSource::Dns;
    name.state = CandidateState::Unresolved;
    LedgerPeer nas;
    nas.publicKey = sample::key(u"nas"_s);
    nas.hasAgent = true;
    nas.isOnLink = true;
    nas.roundTrip = 1240us;
    nas.candidates = {lan, name};
    return encodeLedger({nas});
}

} // namespace

/// What `sally` makes of meshd's ledger, and of its absence.
class CliWaysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void status_completesWhatTheHelperSays();
    void status_withoutMeshdIsAsBefore();
    void status_isNotHeldUpByMeshd_data();
    void status_isNotHeldUpByMeshd();
    void status_survivesOddLedgers();
    void status_watchesTheLedgerToo();
    void status_neverStartsMeshd();
    void deviceShow_listsEveryWayWithItsReason();
    void deviceShow_worksWhileHomeIsOff();
    void aWord_isASetIntent();
    void aWord_thatIsRefusedIsAFailure();
    void why_saysWhatToChange();
    void why_isJsonToo();
    void why_ofWhatNobodyKnowsIsOneLine_data();
    void why_ofWhatNobodyKnowsIsOneLine();
    void doctor_saysWhetherMeshdRuns();

private:
    Ran run(const QString &line) { return Sally(m_bus->address()).run(line.split(u' ')); }
    QVariantMap peer(const QString &name);
    void startMesh() { m_mesh = std::make_unique<FakeMesh>(m_bus->connect()); }

    std::unique_ptr<TestBus> m_bus;
    std::unique_ptr<CliHelper> m_helper;
    std::unique_ptr<FakeMesh> m_mesh;
};

void CliWaysTest::init()
{
    m_bus = std::make_unique<TestBus>();
    m_helper = std::make_unique<CliHelper>(m_bus->connect());
    m_helper->snapshot = homeOn();
    m_helper->configuration = encodeConfiguration(sample::configuration());
}

void CliWaysTest::cleanup()
{
    m_mesh.reset();
    m_helper.reset();
    m_bus.reset();
}

QVariantMap CliWaysTest::peer(const QString &name)
{
    const Ran ran = run(u"status --json"_s);
    for (const QVariant &each : json(ran).value(u"home"_s).toMap().value(u"peers"_s).toList()) {
        if (each.toMap().value(u"name"_s) == name)
            return each.toMap();
    }
    qWarning("%s", qPrintable(ran.out + ran.err));
    return {};
}

void CliWaysTest::status_completesWhatTheHelperSays()
{
    startMesh();
    m_mesh->ledger = ledgerOfTheNas();
    const QVariantMap nas = peer(u"nas"_s);
    QCOMPARE(nas.value(u"rttMilliseconds"_s).toDouble(), 1.24);
    QCOMPARE(nas.value(u"via"_s).toString(), u"lan"_s);
    QCOMPARE(nas.value(u"agent"_s), QVariant(true));
    const QVariantList candidates = nas.value(u"candidates"_s).toList();
    QCOMPARE(candidates.size(), 3);
    const QVariantMap lan = candidates[0].toMap();
    QCOMPARE(lan.value(u"state"_s).toString(), u"in-use"_s);
    QCOMPARE(lan.value(u"source"_s).toString(), u"manual"_s);
    QCOMPARE(lan.value(u"preference"_s).toString(), u"prefer"_s);
    QCOMPARE(lan.value(u"roundTripMilliseconds"_s).toDouble(), 1.24);
    QCOMPARE(lan.value(u"ageSeconds"_s).toInt(), 90);
    QCOMPARE(lan.value(u"successes"_s).toInt(), 7);
    QCOMPARE(lan.value(u"failures"_s).toInt(), 1);
    QCOMPARE(lan.value(u"reason"_s).toString(), u"In use: you prefer it."_s);
    QCOMPARE(candidates[1].toMap().value(u"state"_s).toString(), u"unresolved"_s);
    const Ran words = run(u"status"_s);
    QVERIFY2(words.out.contains(u"ROUND TRIP"_s) && words.out.contains(u"1.2 ms"_s), qPrintable(words.out));
    const QVariantMap vps = peer(u"vps"_s);
    QVERIFY2(!vps.contains(u"rttMilliseconds"_s) && vps.value(u"candidates"_s).toList().size() == 2,
        "of devices that meshd does not know the helper's word stands");
}

void CliWaysTest::status_withoutMeshdIsAsBefore()
{
    const QVariantMap nas = peer(u"nas"_s);
    QVERIFY(!nas.contains(u"rttMilliseconds"_s) && !nas.contains(u"agent"_s));
    QCOMPARE(nas.value(u"candidates"_s).toList()[0].toMap(),
        (QVariantMap{{u"address"_s, kLan}, {u"source"_s, u"manual"_s}, {u"state"_s, u"in-use"_s},
            {u"preference"_s, u"prefer"_s}}));
    QVERIFY(!run(u"status"_s).out.contains(u"ROUND TRIP"_s));
}

void CliWaysTest::status_isNotHeldUpByMeshd_data()
{
    QTest::addColumn<int>("mood");
    QTest::newRow("silent") << int(FakeMesh::Mood::Silent);
    QTest::newRow("refusing") << int(FakeMesh::Mood::Refusing);
}

void CliWaysTest::status_isNotHeldUpByMeshd()
{
    QFETCH(int, mood);
    const auto before = run(u"status --json"_s).took;
    startMesh();
    m_mesh->mood = FakeMesh::Mood(mood);
    const Ran ran = run(u"status --json"_s);
    QCOMPARE(ran.code, 0);
    QCOMPARE(ran.err, QString());
    QCOMPARE(json(ran).value(u"schema"_s).toInt(), 1);
    QCOMPARE(m_mesh->questions, 1);
    QVERIFY2(ran.took < before + 2000ms, qPrintable(QString::number(ran.took.count())));
}

void CliWaysTest::status_survivesOddLedgers()
{
    startMesh();
    for (const QVariantMap &odd : {QVariantMap{}, QVariantMap{{u"schema"_s, 2}}, QVariantMap{{u"schema"_s, u"1"_s}},
             QVariantMap{{u"schema"_s, 1}, {u"peers"_s, QVariantList{7, QVariantMap{{u"publicKey"_s, 3}}}}}}) {
        m_mesh->ledger = odd;
        QCOMPARE(run(u"status --json"_s).code, 0);
        QCOMPARE(run(u"status"_s).code, 0);
        QCOMPARE(run(u"device show nas"_s).code, 0);
    }
}

void CliWaysTest::status_watchesTheLedgerToo()
{
    startMesh();
    Sally program(m_bus->address());
    program.start({u"status"_s, u"--watch"_s, u"--json"_s});
    QTRY_VERIFY(m_helper->watched);
    QByteArray seen;
    QTRY_VERIFY((seen += program.process().readAllStandardOutput()).count('\n') == 1);
    m_mesh->ledger = ledgerOfTheNas();
    Q_EMIT m_mesh->LedgerChanged(m_mesh->ledger);
    QTRY_VERIFY((seen += program.process().readAllStandardOutput()).count('\n') == 2);
    const QList<QByteArray> lines = seen.trimmed().split('\n');
    QVERIFY(!lines[0].contains("rttMilliseconds") && lines[1].contains("\"rttMilliseconds\":1.24"));
    for (const QByteArray &line : lines)
        QCOMPARE(QJsonDocument::fromJson(line).object().value(u"schema"_s).toInt(), 1);
    program.process().terminate();
    program.finish();
}

void CliWaysTest::status_neverStartsMeshd()
{
    // The ledger is gone with meshd: nobody else is asked, and nothing is remembered.
    startMesh();
    m_mesh->ledger = ledgerOfTheNas();
    QVERIFY(peer(u"nas"_s).contains(u"rttMilliseconds"_s));
    m_mesh.reset();
    QVERIFY(!peer(u"nas"_s).contains(u"rttMilliseconds"_s));
}

void CliWaysTest::deviceShow_listsEveryWayWithItsReason()
{
    startMesh();
    m_mesh->ledger = ledgerOfTheNas();
    const Ran ran = run(u"device show storage"_s);
    QCOMPARE(ran.code, 0);
    for (const QString &part :
        {u"10.41.1.4:53333 (lan), round trip 1.2 ms"_s, u"10.41.0.0/16"_s, u"In use: you prefer it."_s,
            u"Not used: its name has no address."_s, u"7 of 8"_s, u"90 s"_s, u"prefer"_s, u"KNOWN"_s})
        QVERIFY2(ran.out.contains(part), qPrintable(part + u'\n' + ran.out));
    const QVariantMap map = json(run(u"device show nas --json"_s));
    QCOMPARE(map.value(u"schema"_s).toInt(), 1);
    QCOMPARE(map.value(u"name"_s).toString(), u"nas"_s);
    QCOMPARE(map.value(u"rttMilliseconds"_s).toDouble(), 1.24);
    QCOMPARE(map.value(u"endpoint"_s).toString(), kLan);
    QCOMPARE(map.value(u"routes"_s).toList().size(), 1);
    QCOMPARE(map.value(u"candidates"_s).toList().size(), 3);
    m_mesh.reset();
    const Ran alone = run(u"device show nas"_s);
    QVERIFY2(alone.out.contains(u"Not used: another one comes first."_s), qPrintable(alone.out));
}

void CliWaysTest::deviceShow_worksWhileHomeIsOff()
{
    m_helper->snapshot = {};
    const Ran ran = run(u"device show nas"_s);
    QCOMPARE(ran.code, 0);
    QVERIFY2(ran.out.contains(u"Home is off"_s) && ran.out.contains(u"10.42.1.4"_s), qPrintable(ran.out));
    QCOMPARE(json(run(u"device show nas --json"_s)).value(u"name"_s).toString(), u"nas"_s);
    const Ran own = run(u"device show laptop"_s);
    QVERIFY2(own.out.contains(u"This is this machine itself."_s), qPrintable(own.out));
    const Ran nobody = run(u"device show phone"_s);
    QCOMPARE(nobody.code, 1);
    QVERIFY2(isOneLine(nobody.err) && nobody.err.contains(u"'phone'"_s), qPrintable(nobody.err));
}

void CliWaysTest::aWord_isASetIntent()
{
    for (const auto &[verb, use] : std::initializer_list<std::pair<QString, QString>>{
             {u"prefer"_s, u"prefer"_s}, {u"pin"_s, u"pin"_s}, {u"forbid"_s, u"forbid"_s}, {u"release"_s, u"none"_s}}) {
        const Ran ran = run(u"device %1 nas %2"_s.arg(verb, kLan));
        QCOMPARE(ran.code, 0);
        QCOMPARE(m_helper->intents.last().value(u"path"_s).toMap(),
            (QVariantMap{{u"device"_s, u"nas"_s}, {u"address"_s, kLan}, {u"use"_s, use}}));
        QVERIFY2(ran.out.contains(kLan) && ran.out.count(u'\n') == 1, qPrintable(ran.out));
        QCOMPARE(ran.err.isEmpty(), verb == u"release"); // nobody is there to heed it
    }
    startMesh();
    const Ran ran = run(u"device pin nas nas.example.net:54445 --json"_s);
    QCOMPARE(ran.err, QString());
    QCOMPARE(json(ran).value(u"use"_s).toString(), u"pin"_s);
}

void CliWaysTest::aWord_thatIsRefusedIsAFailure()
{
    m_helper->refuseWith = u"UnknownName"_s;
    const Ran ran = run(u"device pin phone 192.0.2.1:1"_s);
    QVERIFY2(ran.code == 1 && isOneLine(ran.err), qPrintable(ran.err));
    m_helper->refuseWith = u"NotAuthorized"_s;
    QCOMPARE(run(u"device pin nas 192.0.2.1:1"_s).code, 3);
    for (const QString &line : {u"device pin nas"_s, u"device pin nas 192.0.2.1"_s, u"device pin nas 192.0.2.1:0"_s,
             u"device pin nas 192.0.2.1:1 2"_s, u"device grab nas 192.0.2.1:1"_s, u"why"_s, u"why a b"_s}) {
        const Ran wrong = run(line);
        QVERIFY2(wrong.code == 2 && isOneLine(wrong.err), qPrintable(line + wrong.err));
    }
}

void CliWaysTest::why_saysWhatToChange()
{
    m_helper->snapshot = {};
    const Ran off = run(u"why nas"_s);
    QCOMPARE(off.code, 5);
    QCOMPARE(off.out, u"✗ Home is off.\nTo change: Switch Home on: `sally home on`.\n"_s);
    QCOMPARE(off.err, QString());
    const Ran nobody = run(u"why 10.42.99.99"_s);
    QCOMPARE(nobody.code, 5);
    QVERIFY2(nobody.out.contains(u"✗ No device of Home has the address 10.42.99.99."_s), qPrintable(nobody.out));
    const Ran own = run(u"why 127.0.0.1"_s);
    QCOMPARE(own.code, 0);
    QCOMPARE(own.out, u"✓ 127.0.0.1 is this machine itself.\nIt works; there is nothing to change.\n"_s);
}

void CliWaysTest::why_isJsonToo()
{
    m_helper->snapshot = {};
    const Ran ran = run(u"why 10.41.7.7 --json"_s);
    QCOMPARE(ran.code, 5);
    const QVariantMap map = json(ran);
    QCOMPARE(map.value(u"schema"_s).toInt(), 1);
    QCOMPARE(map.value(u"host"_s).toString(), u"10.41.7.7"_s);
    QCOMPARE(map.value(u"device"_s).toString(), u"nas"_s);
    QCOMPARE(map.value(u"works"_s), QVariant(false));
    QVERIFY(map.value(u"change"_s).toString().contains(u"sally home on"_s));
    const QVariantMap statement = map.value(u"statements"_s).toList().first().toMap();
    QCOMPARE(statement.value(u"step"_s).toString(), u"home"_s);
    QCOMPARE(statement.value(u"state"_s).toString(), u"bad"_s);
    const QVariantMap own = json(run(u"why 127.0.0.1 --json"_s));
    QVERIFY(own.contains(u"change"_s) && own.value(u"change"_s).isNull() && own.value(u"works"_s).toBool());
}

void CliWaysTest::why_ofWhatNobodyKnowsIsOneLine_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("a name") << u"no-such-host.invalid"_s;
    QTest::newRow("a label") << u"xyzzy-no-such-device"_s;
    QTest::newRow("a mistyped address") << u"10.42.1.400"_s;
    QTest::newRow("with a port") << u"nas:22"_s;
    QTest::newRow("a network") << u"10.42.0.0/16"_s;
    QTest::newRow("a shell's joke") << u"$(reboot)"_s;
    QTest::newRow("control characters") << u"na\x1b[2Js"_s;
    QTest::newRow("very long") << QString(5000, u'x');
}

void CliWaysTest::why_ofWhatNobodyKnowsIsOneLine()
{
    QFETCH(QString, host);
    // In a network of its own, where no name server is asked.
    Sally sally(m_bus->address());
    sally.startThrough({u"unshare"_s, u"--map-root-user"_s, u"--net"_s}, {u"why"_s, host});
    const Ran ran = sally.finish();
    QCOMPARE(ran.code, 1);
    QVERIFY2(
        isOneLine(ran.err) && ran.err.size() < 600 && ran.err.contains(u"sally device list"_s), qPrintable(ran.err));
    QCOMPARE(ran.out, QString());
    QVERIFY(ran.took < 8000ms);
}

void CliWaysTest::doctor_saysWhetherMeshdRuns()
{
    const auto doctor = [&] {
        Sally sally(m_bus->address());
        sally.startThrough({u"unshare"_s, u"--map-root-user"_s, u"--net"_s}, {u"doctor"_s});
        return sally.finish().out;
    };
    QVERIFY2(doctor().contains(u"warn  meshd"_s), qPrintable(doctor()));
    startMesh();
    m_mesh->ledger = ledgerOfTheNas();
    QVERIFY2(doctor().contains(u"sallyport-meshd runs; 1 of 1 devices answer"_s), qPrintable(doctor()));
    m_mesh->mood = FakeMesh::Mood::Refusing;
    QVERIFY2(doctor().contains(u"does not answer as it should"_s), qPrintable(doctor()));
}

QTEST_GUILESS_MAIN(CliWaysTest)
#include "cli_ways_test.moc"
