// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/ledger_codec.h"
#include "tests/ipc/configured_world.h"
#include "tests/support/fake_mesh.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

const QString kConfigured = u"192.0.2.4:53333"_s; // of smallConfiguration()
const QString kLearned = u"198.18.0.9:40000"_s;
const QString kNeighbour = u"198.18.5.2"_s;

QVariantMap word(const QString &device, const QString &address, const QString &use)
{
    return {{u"path"_s, QVariantMap{{u"device"_s, device}, {u"address"_s, address}, {u"use"_s, use}}}};
}

bool isDone(const QDBusMessage &reply)
{
    return reply.type() == QDBusMessage::ReplyMessage;
}

} // namespace

/// The real helper keeps what a person says about ways, and the real `sally why` looks at a real kernel.
class HelperPathsTest : public ConfiguredTest {
    Q_OBJECT

private:
    std::unique_ptr<QProcess> m_neighbour; ///< keeps a network with one host in it

    /// `198.18.5.2 pin` and so on: all that the snapshot says about the ways to the nas.
    QStringList said()
    {
        QStringList words;
        const Snapshot snapshot = m_world->snapshot();
        for (const PeerSnapshot &peer : snapshot.home.peers) {
            for (const CandidateSnapshot &each : peer.candidates)
                words += u"%1 %2"_s.arg(each.address).arg(int(each.preference));
        }
        return words;
    }
    QStringList plain(const QString &address, Preference use) { return {u"%1 %2"_s.arg(address).arg(int(use))}; }
    /// `sally` where the helper is, with its kernel.
    Told why(const QStringList &arguments)
    {
        const auto process
            = m_world->helper.stay(QStringList{u"env"_s, u"DBUS_SYSTEM_BUS_ADDRESS="_s + m_world->helper.bus.address(),
                                       QCoreApplication::applicationDirPath() + u"/sally"_s, u"why"_s}
                + arguments);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(process->state() == QProcess::NotRunning, 30000); }();
        return {process->exitCode(), process->readAllStandardOutput(), process->readAllStandardError()};
    }
    /// A host on the next network: 198.18.5.2, the helper's machine is 198.18.5.1.
    void meetANeighbour()
    {
        m_neighbour = m_world->helper.stay({u"unshare"_s, u"--net"_s, u"cat"_s});
        const QString process = QString::number(m_neighbour->processId());
        const auto networkOf = [](qint64 id) { return QFile::symLinkTarget(u"/proc/%1/ns/net"_s.arg(id)); };
        const QString ours = networkOf(m_world->helper.processId());
        QTRY_VERIFY(
            networkOf(m_neighbour->processId()) != ours && networkOf(m_neighbour->processId()) != networkOf(getpid()));
        run(u"ip link add near type veth peer name far netns %1"_s.arg(process));
        run(u"ip address add 198.18.5.1/24 dev near"_s);
        run(u"ip link set near up"_s);
        atNeighbour(u"ip address add 198.18.5.2/24 dev far"_s);
        atNeighbour(u"ip link set far up"_s);
        atNeighbour(u"ip link set lo up"_s);
    }
    void atNeighbour(const QString &command)
    {
        run(u"nsenter --net=/proc/%1/ns/net "_s.arg(m_neighbour->processId()) + command);
    }
    void mayPing() { run(u"sysctl -qw net.ipv4.ping_group_range=0\t2147483647"_s); }

private Q_SLOTS:
    void aWord_isShownKeptAndTakenBack();
    void aWord_needsThePermissionOfASwitch();
    void badWords_changeNothing_data();
    void badWords_changeNothing();
    void wordsGo_withTheDevice();
    void sally_saysThemAndShowsThem();
    void status_joinsHelperAndMeshd();
    void why_walksToADeviceThatIsAway();
    void why_seesWhoIsThere();
    void why_knocksWherePingIsNotAllowed();
    void why_seesWhoIsSilent();
    void why_seesItsOwnFirewall();
    void why_seesThatThereIsNoNetwork();
};

void HelperPathsTest::aWord_isShownKeptAndTakenBack()
{
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
    QCOMPARE(said(), plain(kConfigured, Preference::None));
    QVERIFY(isDone(m_world->setIntent(word(u"nas"_s, kConfigured, u"forbid"_s))));
    QVERIFY(isDone(m_world->setIntent(word(u"NAS"_s, kLearned, u"pin"_s))));
    const QStringList both = plain(kConfigured, Preference::Forbid) + plain(kLearned, Preference::Pin);
    QCOMPARE(said(), both);
    m_world->restart([] {});
    QCOMPARE(said(), both);
    QVERIFY2(m_world->snapshot().home.enabled, "the switches stay as they are");
    QVERIFY(isDone(m_world->setIntent(word(u"nas"_s, kLearned, u"none"_s))));
    QVERIFY(isDone(m_world->setIntent(word(u"nas"_s, kConfigured, u"none"_s))));
    QCOMPARE(said(), plain(kConfigured, Preference::None));
}

void HelperPathsTest::aWord_needsThePermissionOfASwitch()
{
    m_world->polkit->setReply(FakePolkit::Reply::No);
    const QDBusMessage refused = m_world->setIntent(word(u"nas"_s, kConfigured, u"pin"_s));
    QCOMPARE(refused.errorName(), u"org.sallyport.Error.NotAuthorized"_s);
    QCOMPARE(m_world->polkit->checks().back().action, u"org.sallyport.toggle"_s);
}

void HelperPathsTest::badWords_changeNothing_data()
{
    QTest::addColumn<QVariantMap>("change");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("place");
    const QString invalid = u"InvalidArgument"_s;
    QTest::newRow("nobody") << word(u"phone"_s, kConfigured, u"pin"_s) << u"UnknownName"_s << u""_s;
    QTest::newRow("no port") << word(u"nas"_s, u"192.0.2.4"_s, u"pin"_s) << invalid << u"path.address: "_s;
    QTest::newRow("in the mesh") << word(u"nas"_s, u"10.42.1.4:53333"_s, u"pin"_s) << invalid << u"path.address: "_s;
    QTest::newRow("a new name") << word(u"nas"_s, u"evil.example.net:1"_s, u"pin"_s) << invalid << u"path.address: "_s;
    QTest::newRow("no such use") << word(u"nas"_s, kConfigured, u"love"_s) << invalid << u"path.use: "_s;
    QTest::newRow("no map") << QVariantMap{{u"path"_s, u"nas"_s}} << invalid << u"path: "_s;
    QTest::newRow("empty") << QVariantMap{{u"path"_s, QVariantMap()}} << invalid << u"path.device: "_s;
}

void HelperPathsTest::badWords_changeNothing()
{
    QFETCH(QVariantMap, change);
    QFETCH(QString, error);
    QFETCH(QString, place);
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
    // The switches reach the disk after the answer.
    QTRY_VERIFY(m_world->helper.kept().contains("\"home\": true"));
    const QByteArray kept = m_world->helper.kept();
    change.insert(u"home"_s, false); // refused whole
    const QDBusMessage refused = m_world->setIntent(change);
    QCOMPARE(refused.errorName(), QString(u"org.sallyport.Error."_s + error));
    QVERIFY2(refused.errorMessage().startsWith(place), qPrintable(refused.errorMessage()));
    QCOMPARE(faultOfSentence(refused.errorMessage()), QString());
    QCOMPARE(said(), plain(kConfigured, Preference::None));
    QCOMPARE(m_world->helper.kept(), kept);
}

void HelperPathsTest::wordsGo_withTheDevice()
{
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
    QVERIFY(isDone(m_world->setIntent(word(u"nas"_s, kConfigured, u"forbid"_s))));
    QVariantMap without = m_world->configuration;
    QVariantMap home = without.value(u"home"_s).toMap();
    home.insert(u"devices"_s, QVariantList());
    without.insert(u"home"_s, home);
    QVERIFY(isDone(m_world->configure(without)));
    QVERIFY(isDone(m_world->configure(m_world->configuration)));
    QCOMPARE(said(), plain(kConfigured, Preference::None));
}

void HelperPathsTest::sally_saysThemAndShowsThem()
{
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
    const Told forbidden = m_world->sally({u"device"_s, u"forbid"_s, u"nas"_s, kConfigured});
    QCOMPARE(forbidden.code, 0);
    const Told shown = m_world->sally({u"device"_s, u"show"_s, u"nas"_s});
    QVERIFY2(shown.out.contains("forbid") && shown.out.contains("192.0.2.4:53333"), shown.out.constData());
    const Told unknown = m_world->sally({u"device"_s, u"pin"_s, u"phone"_s, kConfigured});
    QVERIFY2(
        unknown.code == 1 && unknown.err.count('\n') == 1 && unknown.err.contains("phone"), unknown.err.constData());
    QCOMPARE(m_world->sally({u"device"_s, u"release"_s, u"nas"_s, kConfigured}).code, 0);
    QCOMPARE(said(), plain(kConfigured, Preference::None));
}

void HelperPathsTest::status_joinsHelperAndMeshd()
{
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
    FakeMesh mesh(m_world->helper.bus.connectAs(kSomebody));
    LedgerCandidate candidate;
    candidate.written = *HostEndpoint::parse(kConfigured);
    candidate.endpoint = *Endpoint::parse(kConfigured);
    candidate.state = CandidateState::Silent;
    candidate.failures = 3;
    LedgerPeer nas;
    nas.publicKey = m_world->snapshot().home.peers.at(0).publicKey;
    nas.candidates = {candidate};
    mesh.ledger = encodeLedger({nas});
    const QByteArray out = m_world->sally({u"status"_s, u"--json"_s}).out;
    const QVariantMap home = QJsonDocument::fromJson(out).object().toVariantMap().value(u"home"_s).toMap();
    const QVariantMap peer = home.value(u"peers"_s).toList().value(0).toMap();
    const QVariantMap way = peer.value(u"candidates"_s).toList().value(0).toMap();
    QCOMPARE(way.value(u"failures"_s).toInt(), 3);
    QVERIFY2(!way.value(u"reason"_s).toString().isEmpty(), out.constData());
    QCOMPARE(peer.value(u"agent"_s), QVariant(false));
}

void HelperPathsTest::why_walksToADeviceThatIsAway()
{
    meetANeighbour();
    run(u"ip route add default via 198.18.5.2"_s);
    mayPing();
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
    QTRY_COMPARE(m_world->snapshot().home.peers.at(0).endpoint, kConfigured);
    const Told told = why({u"nas"_s});
    QCOMPARE(told.code, 5);
    for (const char *line : {"✓ The name nas leads to 10.42.1.4.\n", "✓ Home is on.\n",
             "✓ The kernel sends to 10.42.1.4 through sally-home, as Sallyport's table 2576 for Home says.\n",
             "✓ 10.42.1.4 belongs to nas.\n", "✓ WireGuard reaches nas at 192.0.2.4:53333.\n",
             "✗ nas has never answered.\n", "✗ 10.42.1.4 does not answer (ping, TCP ports 22, 80 and 443).\n",
             "To change: Check that nas is switched on and that UDP port 53333 of 192.0.2.4 is forwarded to it.\n"})
        QVERIFY2(told.out.contains(line), (line + told.out + told.err).constData());
    QVERIFY(isDone(m_world->setIntent({{u"home"_s, false}})));
    QCOMPARE(why({u"nas"_s}).out, QByteArray("✗ Home is off.\nTo change: Switch Home on: `sally home on`.\n"));
}

void HelperPathsTest::why_seesWhoIsThere()
{
    meetANeighbour();
    mayPing();
    const Told told = why({kNeighbour});
    QVERIFY2(told.code == 0, (told.out + told.err).constData());
    QVERIFY2(told.out.contains("through near, as the main table says.\n"), told.out.constData());
    QVERIFY2(told.out.contains("✓ 198.18.5.2 answers after ") && told.out.contains("(ping)"), told.out.constData());
    QVERIFY(told.out.endsWith("It works; there is nothing to change.\n"));
}

void HelperPathsTest::why_knocksWherePingIsNotAllowed()
{
    meetANeighbour();
    run(u"sysctl -qw net.ipv4.ping_group_range=1\t0"_s);
    const Told told = why({kNeighbour});
    QVERIFY2(told.code == 0 && told.out.contains("(TCP port "), (told.out + told.err).constData());
    // Nobody answers, and nobody may ask properly: that is said, not called a fault.
    atNeighbour(u"ip link set far down"_s);
    run(u"ip neighbour replace 198.18.5.2 lladdr 02:00:00:00:00:02 dev near nud permanent"_s);
    atNeighbour(u"ip link set far up"_s);
    const Told silent = why({kNeighbour});
    QVERIFY2(silent.code == 0
            && silent.out.contains("? Whether 198.18.5.2 answers could not be asked: ping is not permitted"),
        (silent.out + silent.err).constData());
}

void HelperPathsTest::why_seesWhoIsSilent()
{
    meetANeighbour();
    mayPing();
    run(u"ip neighbour replace 198.18.5.2 lladdr 02:00:00:00:00:02 dev near nud permanent"_s);
    const Told told = why({kNeighbour});
    QCOMPARE(told.code, 5);
    QVERIFY2(
        told.out.contains("✗ 198.18.5.2 does not answer (ping, TCP ports 22, 80 and 443).\n"), told.out.constData());
}

void HelperPathsTest::why_seesItsOwnFirewall()
{
    meetANeighbour();
    mayPing();
    run(u"nft add table inet mine"_s);
    m_world->helper.inside({u"nft"_s, u"add chain inet mine out { type filter hook output priority 0; }"_s});
    m_world->helper.inside({u"nft"_s, u"add rule inet mine out ip daddr 198.18.5.2 drop"_s});
    const Told told = why({kNeighbour});
    QCOMPARE(told.code, 5);
    QVERIFY2(
        told.out.contains("✗ This machine's own firewall lets nothing out to 198.18.5.2.\n"), told.out.constData());
}

void HelperPathsTest::why_seesThatThereIsNoNetwork()
{
    const Told told = why({u"203.0.113.9"_s});
    QCOMPARE(told.code, 5);
    QVERIFY2(
        told.out.contains("✗ The kernel has no way to 203.0.113.9: Network is unreachable.\n"), told.out.constData());
    QVERIFY(told.out.endsWith("To change: Connect this machine to a network that leads to the internet.\n"));
    const Told six = why({u"2001:db8::9"_s, u"--json"_s});
    QCOMPARE(six.code, 5);
    QCOMPARE(QJsonDocument::fromJson(six.out).object().value(u"works"_s).toBool(true), false);
}

QTEST_GUILESS_MAIN(HelperPathsTest)
#include "helper_paths_test.moc"
