// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "tests/lab/kernel/kernel_test.h"
#include "tests/lab/kernel/wireguard_values.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonObject>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <net/if.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

/// The same cases against whichever WireGuard this machine has: the kernel's module, or else wireguard-go.
namespace {

bool kernelHasIt = false;
const QString kHome = QLatin1StringView(kHomeLink);
const QString kExit = QLatin1StringView(kExitLink);
/// Emulated processors take longer.
const int kSlow = std::max(1, qEnvironmentVariableIntValue("SALLYPORT_SLOW"));

} // namespace

class WireGuardTest : public KernelTest {
    Q_OBJECT

private:
    void prepare() override
    {
        std::printf("WireGuard under test: %s\n", kernelHasIt ? "the kernel module" : "wireguard-go");
        m_private = &m_secrets.add(u"private"_s, SecretKey::generatePrivate());
        m_preshared = &m_secrets.add(u"preshared"_s, SecretKey::generatePreshared());
    }

private Q_SLOTS:
    void init() { VERIFY_DONE(m_kernel.execute(CreateLink{kHome})); }

    void cleanup()
    {
        for (const QString &name : {kHome, kExit}) {
            const bool present = if_nametoindex(name.toUtf8().constData()) != 0;
            ConfigureWireGuard clear = configure(name);
            clear.replacePeers = true;
            if (present && m_kernel.execute(clear))
                VERIFY_DONE(m_kernel.execute(DeleteLink{name}));
        }
    }

    void newLink_isDownTaggedAndEmpty()
    {
        const QJsonObject link = ip(u"link show dev "_s + kHome)[0].toObject();
        QCOMPARE(link[u"linkinfo"_s].toObject()[u"info_kind"_s].toString(), kernelHasIt ? u"wireguard"_s : u"tun"_s);
        QCOMPARE(link[u"group"_s].toString(), QString::number(kLinkGroup));
        const ObservedLink observed = only();
        QVERIFY(observed.ours);
        QVERIFY(!observed.up);
        QCOMPARE(observed.backend, kernelHasIt ? Backend::Kernel : Backend::Userspace);
        QVERIFY(observed.publicKey.isNull());
        QVERIFY(observed.peers.empty());
        VERIFY_DONE(m_kernel.execute(CreateLink{kHome})); // ours already
    }

    void linkGoesUp_withItsMtuAndWithoutAddressesOfItsOwn()
    {
        VERIFY_DONE(m_kernel.execute(SetLinkMtu{kHome, 1337}));
        VERIFY_DONE(m_kernel.execute(SetLinkUp{kHome}));
        const QJsonObject link = ip(u"addr show dev "_s + kHome)[0].toObject();
        QCOMPARE(link[u"mtu"_s].toInt(), 1337);
        QVERIFY(link[u"flags"_s].toArray().contains(u"UP"_s));
        QCOMPARE(link[u"addr_info"_s].toArray().size(), 0);
        QVERIFY(only().up);
        QCOMPARE(only().mtu, 1337u);
        QVERIFY(only().addresses.empty());
    }

    void deletedLink_leavesNothingBehind()
    {
        const int server = serverOf(kHome);
        QCOMPARE(server > 0, !kernelHasIt);
        VERIFY_DONE(m_kernel.execute(DeleteLink{kHome}));
        QVERIFY(!succeeds({u"ip"_s, u"link"_s, u"show"_s, u"dev"_s, kHome}));
        QVERIFY(QDir(u"/run/wireguard"_s).isEmpty(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot));
        if (server > 0)
            QVERIFY(kill(server, 0) != 0 || QFile(u"/proc/%1/cmdline"_s.arg(server)).size() == 0);
        VERIFY_DONE(m_kernel.execute(DeleteLink{kHome}));
        QVERIFY(m_kernel.observe()->links.empty());
    }

    void deletedLink_givesItsNameAndPortToTheNextAtOnce()
    {
        ConfigureWireGuard change = configure(kHome);
        change.privateKeyName = u"private"_s;
        change.listenPort = quint16(53333);
        for (int round = 0; round < 3; ++round) {
            VERIFY_DONE(m_kernel.execute(SetLinkUp{kHome}));
            VERIFY_DONE(m_kernel.execute(change));
            QCOMPARE(dump(kHome).first()[2], "53333");
            VERIFY_DONE(m_kernel.execute(DeleteLink{kHome}));
            QVERIFY(m_kernel.observe()->links.empty());
            VERIFY_DONE(m_kernel.execute(CreateLink{kHome}));
        }
        // wireguard-go may have a port of its own already: it takes its link to be up from the start.
        if (kernelHasIt)
            QCOMPARE(only().listenPort, quint16(0));
        QVERIFY(only().listenPort != 53333);
    }

    void device_takesKeyPortAndMark()
    {
        ConfigureWireGuard change = configure(kHome);
        change.privateKeyName = u"private"_s;
        change.listenPort = quint16(53333);
        change.mark = kHomeMark;
        VERIFY_DONE(m_kernel.execute(SetLinkUp{kHome}));
        VERIFY_DONE(m_kernel.execute(change));
        const QByteArrayList device = dump(kHome).first();
        QCOMPARE(device[1], m_private->publicKey().toBase64().toLatin1());
        QCOMPARE(device[2], "53333");
        QCOMPARE(device[3], "0xa1000000");
        const ObservedLink observed = only();
        QCOMPARE(observed.publicKey, m_private->publicKey());
        QCOMPARE(observed.listenPort, quint16(53333));
        QCOMPARE(observed.mark, kHomeMark);
    }

    void peers_roundTrip()
    {
        PeerChange first = peer(1, u"10.41.1.4:53333"_s, {u"10.42.1.4/32"_s, u"10.41.0.0/16"_s, u"fd00:42::4/128"_s});
        first.presharedKeyName = u"preshared"_s;
        first.persistentKeepalive = quint16(25);
        const PeerChange second = peer(2, u"[2001:db8::5]:54445"_s, {u"0.0.0.0/0"_s, u"::/0"_s});
        VERIFY_DONE(m_kernel.execute(configure(kHome, {first, second, peer(3)})));
        QByteArrayList one = dumpedPeer(kHome, first.publicKey);
        QCOMPARE(one[1].size(), 44);
        QCOMPARE(one[2], "10.41.1.4:53333");
        QCOMPARE(sorted(one[3].split(',')), (QByteArrayList{"10.41.0.0/16", "10.42.1.4/32", "fd00:42::4/128"}));
        QCOMPARE(one[7], "25");
        QByteArrayList two = dumpedPeer(kHome, second.publicKey);
        QCOMPARE(two[1], "(none)");
        QCOMPARE(two[2], "[2001:db8::5]:54445");
        QCOMPARE(two[7], "off");
        const std::vector<ObservedPeer> peers = only().peers;
        QCOMPARE(peers.size(), 3u);
        QCOMPARE(peers[0].peer.publicKey, first.publicKey);
        QCOMPARE(peers[0].peer.presharedKey, m_preshared->digest());
        QCOMPARE(peers[0].peer.endpoint, first.endpoint);
        QCOMPARE(peers[0].peer.persistentKeepalive, quint16(25));
        std::vector<Prefix> expected = *first.allowedIps;
        std::ranges::sort(expected);
        QCOMPARE(peers[0].peer.allowedIps, expected);
        QCOMPARE(peers[1].peer.endpoint, second.endpoint);
        QCOMPARE(peers[1].peer.presharedKey, SecretDigest{});
        QVERIFY(!peers[1].activity.handshakeAge);
        QVERIFY(!peers[2].peer.endpoint);
        QVERIFY(peers[2].peer.allowedIps.empty());
    }

    void unsetFields_stayAsTheyAre()
    {
        PeerChange before = peer(1, u"10.41.1.4:53333"_s, {u"10.42.1.4/32"_s});
        before.presharedKeyName = u"preshared"_s;
        before.persistentKeepalive = quint16(25);
        VERIFY_DONE(m_kernel.execute(configure(kHome, {before})));
        PeerChange endpointOnly;
        endpointOnly.publicKey = before.publicKey;
        endpointOnly.updateOnly = true;
        endpointOnly.endpoint = *Endpoint::parse(u"10.41.1.9:1"_s);
        const Peer was = only().peers.front().peer;
        VERIFY_DONE(m_kernel.execute(configure(kHome, {endpointOnly})));
        Peer expected = was;
        expected.endpoint = endpointOnly.endpoint;
        QCOMPARE(only().peers.front().peer, expected);
        QCOMPARE(dumpedPeer(kHome, before.publicKey)[2], "10.41.1.9:1");
    }

    void presharedKeyAndKeepalive_canBeTakenAway()
    {
        PeerChange change = peer(1);
        change.presharedKeyName = u"preshared"_s;
        change.persistentKeepalive = quint16(25);
        VERIFY_DONE(m_kernel.execute(configure(kHome, {change})));
        change.presharedKeyName = u""_s;
        change.persistentKeepalive = quint16(0);
        VERIFY_DONE(m_kernel.execute(configure(kHome, {change})));
        QCOMPARE(dumpedPeer(kHome, change.publicKey)[1], "(none)");
        QCOMPARE(dumpedPeer(kHome, change.publicKey)[7], "off");
        QCOMPARE(only().peers.front().peer.presharedKey, SecretDigest{});
    }

    void allowedIps_areReplacedAndMoveBetweenPeers()
    {
        VERIFY_DONE(m_kernel.execute(configure(kHome, {peer(1, {}, {u"10.1.0.0/16"_s, u"0.0.0.0/0"_s}), peer(2)})));
        VERIFY_DONE(m_kernel.execute(configure(kHome, {peer(2, {}, {u"0.0.0.0/0"_s})})));
        QCOMPARE(dumpedPeer(kHome, publicKey(1))[3], "10.1.0.0/16");
        QCOMPARE(dumpedPeer(kHome, publicKey(2))[3], "0.0.0.0/0");
        VERIFY_DONE(m_kernel.execute(configure(kHome, {peer(2)})));
        QCOMPARE(dumpedPeer(kHome, publicKey(2))[3], "(none)");
    }

    void removingAndUpdatingAnAbsentPeer_doesNotCreateIt()
    {
        PeerChange update = peer(1, u"10.41.1.4:53333"_s, {u"10.42.1.4/32"_s});
        update.updateOnly = true;
        PeerChange removal;
        removal.publicKey = publicKey(2);
        removal.remove = true;
        VERIFY_DONE(m_kernel.execute(configure(kHome, {update, removal, peer(3)})));
        QCOMPARE(dump(kHome).size(), 2);
        removal.publicKey = publicKey(3);
        VERIFY_DONE(m_kernel.execute(configure(kHome, {removal})));
        QCOMPARE(dump(kHome).size(), 1);
    }

    void replacingPeers_dropsTheOthers()
    {
        VERIFY_DONE(m_kernel.execute(configure(kHome, {peer(1), peer(2)})));
        ConfigureWireGuard change = configure(kHome, {peer(3)});
        change.replacePeers = true;
        VERIFY_DONE(m_kernel.execute(change));
        QCOMPARE(dump(kHome).size(), 2);
        QVERIFY(!dumpedPeer(kHome, publicKey(3)).isEmpty());
    }

    void missingSecret_isRefusedAndChangesNothing()
    {
        PeerChange broken = peer(1);
        broken.presharedKeyName = u"nobody"_s;
        const Result<Done> refused = m_kernel.execute(configure(kHome, {peer(2), broken}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::NotConfigured);
        QVERIFY(only().peers.empty());
    }

    void peerWithThousandsOfAllowedIps_roundTrips()
    {
        PeerChange large = peer(1);
        for (int i = 0; i < 5000; ++i)
            large.allowedIps->push_back(prefix(u"10.%1.%2.0/24"_s.arg(i / 250).arg(i % 250)));
        VERIFY_DONE(
            m_kernel.execute(configure(kHome, {peer(2, {}, {u"fd00::/64"_s}), large, peer(3, {}, {u"fd01::/64"_s})})));
        QCOMPARE(dumpedPeer(kHome, large.publicKey)[3].count(',') + 1, 5000);
        std::vector<Prefix> expected = *large.allowedIps;
        std::ranges::sort(expected);
        const std::vector<ObservedPeer> peers = only().peers;
        QCOMPARE(peers.size(), 3u);
        QVERIFY(peers[0].peer.allowedIps == expected);
        QCOMPARE(peers[1].peer.allowedIps.size(), 1u);
        QCOMPARE(peers[2].peer.allowedIps.size(), 1u);
        // Half of them: the rest must be gone although several messages are needed.
        large.allowedIps->resize(2500);
        VERIFY_DONE(m_kernel.execute(configure(kHome, {large})));
        QCOMPARE(dumpedPeer(kHome, large.publicKey)[3].count(',') + 1, 2500);
    }

    void tenThousandPeers_areSetAndRead()
    {
        ConfigureWireGuard many = configure(kHome);
        many.privateKeyName = u"private"_s;
        many.replacePeers = true;
        for (quint32 i = 1; i <= 10000; ++i)
            many.peers.push_back(peer(i, u"203.0.113.%1:51820"_s.arg(i % 250 + 1),
                {u"10.%1.%2.%3/32"_s.arg(i >> 16 & 255).arg(i >> 8 & 255).arg(i & 255)}));
        QElapsedTimer timer;
        timer.start();
        VERIFY_DONE(m_kernel.execute(many));
        const qint64 setTime = timer.restart();
        const ObservedLink observed = only();
        const qint64 getTime = timer.elapsed();
        std::printf("10,000 peers: set in %lld ms, read in %lld ms\n", setTime, getTime);
        QCOMPARE(observed.peers.size(), 10000u);
        QCOMPARE(run({u"wg"_s, u"show"_s, kHome, u"allowed-ips"_s}).count('\n'), 10000);
        for (const PeerChange &wanted : many.peers) {
            const auto found = std::ranges::lower_bound(
                observed.peers, wanted.publicKey, {}, [](const ObservedPeer &one) { return one.peer.publicKey; });
            QVERIFY(found != observed.peers.end() && found->peer.publicKey == wanted.publicKey);
            QCOMPARE(found->peer.allowedIps, *wanted.allowedIps);
            QCOMPARE(found->peer.endpoint, wanted.endpoint);
        }
        QVERIFY2(getTime < 3000 * kSlow, qPrintable(QString::number(getTime)));
    }

    void handshake_isSeenWithItsAgeAndBytes()
    {
        const SecretKey &other = m_secrets.add(u"other"_s, SecretKey::generatePrivate());
        VERIFY_DONE(m_kernel.execute(CreateLink{kExit}));
        connectTo(kHome, u"private"_s, 11111, other.publicKey(), u"127.0.0.1:22222"_s, u"10.80.0.2"_s);
        connectTo(kExit, u"other"_s, 22222, m_private->publicKey(), u"127.0.0.1:11111"_s, u"10.80.0.1"_s);
        VERIFY_DONE(m_kernel.execute(AddAddress{kHome, *InterfaceAddress::parse(u"10.80.0.1/32"_s)}));
        Route far;
        far.table = kHomeTable;
        far.destination = prefix(u"10.80.0.2/32"_s);
        far.device = kHome;
        VERIFY_DONE(m_kernel.execute(PutRoute{far}));
        Rule lookup;
        lookup.preference = kHomePreference;
        lookup.table = kHomeTable;
        VERIFY_DONE(m_kernel.execute(AddRule{lookup}));
        (void)succeeds(u"ping -c 1 -W 1 -I 10.80.0.1 10.80.0.2"_s.split(
            u' ')); // nobody answers inside: the handshake is what counts
        QTRY_VERIFY_WITH_TIMEOUT(only().peers.front().activity.handshakeAge.has_value(), 5000 * kSlow);
        const PeerActivity activity = only().peers.front().activity;
        QVERIFY(*activity.handshakeAge < std::chrono::seconds(10 * kSlow));
        QVERIFY(activity.receivedBytes > 0 && activity.sentBytes > 0);
        const QByteArrayList line = dumpedPeer(kHome, other.publicKey());
        QVERIFY(line[4].toLongLong() > 0);
        VERIFY_DONE(m_kernel.execute(DeleteRule{lookup}));
    }

    void nameOfSomebodyElse_isRefused_data()
    {
        QTest::addColumn<QString>("add");
        QTest::newRow("bridge") << u"link add sally-exit type bridge"_s;
        QTest::newRow("tun") << u"tuntap add sally-exit mode tun"_s;
        if (kernelHasIt)
            QTest::newRow("wireguard") << u"link add sally-exit type wireguard"_s;
    }

    void nameOfSomebodyElse_isRefused()
    {
        QFETCH(QString, add);
        run(QStringList{u"ip"_s} + add.split(u' '));
        for (const Operation &operation :
            {Operation(CreateLink{kExit}), Operation(DeleteLink{kExit}), Operation(configure(kExit))}) {
            const Result<Done> refused = m_kernel.execute(operation);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, Errc::NameTaken);
        }
        const Result<ObservedState> state = m_kernel.observe();
        QCOMPARE(state->links.front().name, kExit);
        QVERIFY(!state->links.front().ours);
        run(u"ip link del sally-exit"_s.split(u' '));
    }

    void linksAreAdopted_byAnotherProcess()
    {
        VERIFY_DONE(m_kernel.execute(configure(kHome, {peer(1)})));
        LinuxKernel second(m_secrets, pathsIn(m_folder));
        QVERIFY(second.observe()->links.front().ours);
        VERIFY_DONE(second.execute(configure(kHome, {peer(2)})));
        QCOMPARE(only().peers.size(), 2u);
        LinuxKernel third(m_secrets, pathsIn(m_folder)); // without having observed
        VERIFY_DONE(third.execute(configure(kHome, {peer(3)})));
        VERIFY_DONE(third.execute(DeleteLink{kHome}));
        QVERIFY(m_kernel.observe()->links.empty());
    }

private:
    ObservedLink only()
    {
        const Result<ObservedState> state = m_kernel.observe();
        if (!state || state->links.empty())
            return {};
        const auto found = std::ranges::find(state->links, kHome, &ObservedLink::name);
        return found != state->links.end() ? *found : ObservedLink{};
    }

    void connectTo(const QString &link, const QString &keyName, quint16 port, const PublicKey &other,
        const QString &endpoint, const QString &allowed)
    {
        PeerChange change = peer(0, endpoint, {allowed});
        change.publicKey = other;
        ConfigureWireGuard device = configure(link, {change});
        device.privateKeyName = keyName;
        device.listenPort = port;
        VERIFY_DONE(m_kernel.execute(device));
        VERIFY_DONE(m_kernel.execute(SetLinkUp{link}));
    }

    const SecretKey *m_private = nullptr;
    const SecretKey *m_preshared = nullptr;
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<WireGuardTest>(argc, argv, [] {
        kernelHasIt = succeeds(u"ip link add probe0 type wireguard"_s.split(u' '))
            && succeeds(u"ip link del probe0"_s.split(u' '));
        return QString();
    });
}

#include "wireguard_test.moc"
