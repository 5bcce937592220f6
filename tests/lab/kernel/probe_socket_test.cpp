// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "helper/probe/probe_socket.h"
#include "tests/lab/kernel/far_network.h"
#include "tests/lab/kernel/kernel_test.h"
#include "tests/lab/kernel/wireguard_values.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSignalSpy>

#include <array>
#include <cerrno>
#include <linux/filter.h>
#include <memory>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using meshlink::ProbeArrived;
using meshlink::SendProbe;
using probe::ProbeSocket;

namespace {

constexpr quint16 kPort = 53333;
constexpr qsizetype kSize = 128;
const QString kNear = QLatin1StringView(kHomeLink);
const QString kFar = u"far-home"_s;

QByteArray randomBytes(qsizetype size, char second = '\1')
{
    QByteArray bytes(size, '\0');
    for (char &byte : bytes)
        byte = static_cast<char>(QRandomGenerator::global()->generate());
    for (qsizetype i = 1; i < std::min<qsizetype>(4, size); ++i)
        bytes[i] = second;
    return bytes;
}

/// Everything that has arrived at one machine.
class Ear : public QObject {
public:
    explicit Ear(ProbeSocket &socket)
    {
        connect(&socket, &ProbeSocket::arrived, this, [this](const ProbeArrived &probe) { heard.push_back(probe); });
    }

    bool hears(std::size_t count) const
    {
        return QTest::qWaitFor([&] { return heard.size() >= count; }, 5000);
    }
    /// For as long as a packet could still be on its way.
    bool staysSilent() const
    {
        return !QTest::qWaitFor([&] { return !heard.empty(); }, 300);
    }

    std::vector<ProbeArrived> heard;
};

/// A plain sender of datagrams.
class Thrower {
public:
    explicit Thrower(Family family) : m_socket(::socket(family == Family::IPv4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0)) {}

    void throwAt(const IpAddress &to, quint16 port, const QByteArray &bytes) const
    {
        sockaddr_in6 six{AF_INET6, htons(port), 0, {}, 0};
        sockaddr_in four{AF_INET, htons(port), {}, {}};
        std::memcpy(
            to.size() == 4 ? static_cast<void *>(&four.sin_addr) : &six.sin6_addr, to.bytes().data(), to.size());
        const auto *address = to.size() == 4 ? reinterpret_cast<sockaddr *>(&four) : reinterpret_cast<sockaddr *>(&six);
        (void)sendto(m_socket.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), 0, address,
            to.size() == 4 ? sizeof four : sizeof six);
    }

private:
    FileHandle m_socket;
};

double processorSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The 16-bit one's complement sum of RFC 1071, of 0xffff over what has a right checksum in it.
quint16 sumOver(const QByteArray &bytes)
{
    quint32 sum = 0;
    for (qsizetype i = 0; i < bytes.size(); ++i)
        sum += quint32(quint8(bytes[i])) << (i % 2 == 0 ? 8 : 0);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return quint16(sum);
}

} // namespace

/// Two machines with WireGuard on the same port, and probes beside it.
class ProbeSocketTest : public KernelTest {
    Q_OBJECT

private:
    std::unique_ptr<FarNetwork> m_network;
    std::unique_ptr<LinuxKernel> m_farKernel;
    std::unique_ptr<ProbeSocket> m_near;
    std::unique_ptr<ProbeSocket> m_far;

    void prepare() override;
    void pair();
    bool ping() const { return succeeds(u"ping -c 1 -W 3 10.42.1.2"_s.split(u' ')); }
    bool throwFar(const Endpoint &to, const QByteArray &payload, quint32 interface = 0)
    {
        return bool(m_near->send({to, interface, payload}));
    }
    Endpoint farEnd(Family family) const { return {m_network->far(family), kPort, 0}; }

private Q_SLOTS:
    void init();
    void cleanup();
    void probes_areAnsweredBesideWireGuard();
    void linkLocalProbes_leaveByTheirInterface();
    void packetsOfWireGuard_areNotDelivered();
    void probes_areNothingToWireGuard();
    void whatTheFirewallDrops_doesNotArrive();
    void checksum_isRightOnTheWire();
    void probes_carryTheMarkOfHome();
    void filter_cannotBeTakenOff();
    void whatIsNoProbe_neverWakesUs_data();
    void whatIsNoProbe_neverWakesUs();
    void flood_costsNoMoreThanItsShare();
    void otherPort_isHeardAfterOpeningAgain();
    void closedSocket_hearsAndSendsNothing();
};

void ProbeSocketTest::prepare()
{
    m_network = std::make_unique<FarNetwork>();
    m_farKernel = std::make_unique<LinuxKernel>(m_secrets, pathsIn(m_folder));
    m_secrets.add(u"near"_s, SecretKey::generatePrivate());
    m_secrets.add(u"far"_s, SecretKey::generatePrivate());
    pair();
}

void ProbeSocketTest::pair()
{
    const auto device = [this](const QString &link, const QString &own, const QString &other, const char *inside) {
        ConfigureWireGuard change = configure(link);
        change.privateKeyName = own;
        change.listenPort = kPort;
        change.mark = kHomeMark;
        PeerChange peer;
        peer.publicKey = m_secrets.find(other)->publicKey();
        peer.allowedIps = {prefix(QString::fromLatin1(inside))};
        peer.endpoint = own == u"near"_s ? farEnd(Family::IPv4) : Endpoint{m_network->near(Family::IPv4), kPort, 0};
        change.peers.push_back(peer);
        return change;
    };
    VERIFY_DONE(m_kernel.execute(CreateLink{kNear}));
    VERIFY_DONE(m_kernel.execute(device(kNear, u"near"_s, u"far"_s, "10.42.1.2/32")));
    VERIFY_DONE(m_kernel.execute(SetLinkUp{kNear}));
    run(u"ip addr add 10.42.1.1/24 dev "_s.append(kNear).split(u' '));
    const FarNetwork::Visit visit(*m_network);
    VERIFY_DONE(m_farKernel->execute(CreateLink{kFar}));
    VERIFY_DONE(m_farKernel->execute(device(kFar, u"far"_s, u"near"_s, "10.42.1.1/32")));
    VERIFY_DONE(m_farKernel->execute(SetLinkUp{kFar}));
    run(u"ip addr add 10.42.1.2/24 dev "_s.append(kFar).split(u' '));
}

void ProbeSocketTest::init()
{
    m_near = std::make_unique<ProbeSocket>();
    m_far = std::make_unique<ProbeSocket>();
    VERIFY_DONE(m_near->open(kPort));
    const FarNetwork::Visit visit(*m_network);
    VERIFY_DONE(m_far->open(kPort));
}

void ProbeSocketTest::cleanup()
{
    m_near.reset();
    m_far.reset();
    m_network->run(u"nft flush ruleset"_s);
    run(u"nft flush ruleset"_s.split(u' '));
}

void ProbeSocketTest::probes_areAnsweredBesideWireGuard()
{
    for (const Family family : kFamilies) {
        Ear far(*m_far);
        Ear near(*m_near);
        const QByteArray question = randomBytes(kSize);
        QVERIFY(throwFar(farEnd(family), question));
        QVERIFY(far.hears(1));
        const ProbeArrived &heard = far.heard.front();
        QCOMPARE(heard.payload, question);
        QCOMPARE(heard.source, (Endpoint{m_network->near(family), kPort, 0}));
        QCOMPARE(heard.destination, m_network->far(family));
        QCOMPARE(heard.interfaceIndex, m_network->farIndex());
        const QByteArray answer = randomBytes(meshlink::kLargestProbe);
        VERIFY_DONE(m_far->send({heard.source, 0, answer}));
        QVERIFY(near.hears(1));
        QCOMPARE(near.heard.front().payload, answer);
        QCOMPARE(near.heard.front().source, farEnd(family));
        QVERIFY(ping());
    }
}

void ProbeSocketTest::linkLocalProbes_leaveByTheirInterface()
{
    Ear far(*m_far);
    Ear near(*m_near);
    QVERIFY2(m_network->farLinkLocal().isLinkLocal(), qPrintable(m_network->farLinkLocal().toString()));
    VERIFY_DONE(m_near->send({{m_network->farLinkLocal(), kPort, m_network->nearIndex()}, 0, randomBytes(kSize)}));
    QVERIFY(far.hears(1));
    const Endpoint source = far.heard.front().source;
    QCOMPARE(source, (Endpoint{m_network->nearLinkLocal(), kPort, m_network->farIndex()}));
    QCOMPARE(far.heard.front().destination, m_network->farLinkLocal());
    VERIFY_DONE(m_far->send({source, m_network->farIndex(), randomBytes(kSize)}));
    QVERIFY(near.hears(1));
    QCOMPARE(near.heard.front().source, (Endpoint{m_network->farLinkLocal(), kPort, m_network->nearIndex()}));
    // By an interface that does not lead there nothing leaves.
    (void)throwFar(farEnd(Family::IPv4), randomBytes(kSize), 1);
    QVERIFY(!QTest::qWaitFor([&] { return far.heard.size() > 1; }, 300));
}

void ProbeSocketTest::packetsOfWireGuard_areNotDelivered()
{
    Ear far(*m_far);
    Ear near(*m_near);
    QVERIFY(ping()); // handshake, data of the size of a probe and keepalives
    QVERIFY(succeeds(u"ping -c 50 -i 0.01 -s 68 -W 3 10.42.1.2"_s.split(u' ')));
    QVERIFY(succeeds(u"ping -c 50 -i 0.01 -s 1300 -W 3 10.42.1.2"_s.split(u' ')));
    QVERIFY(far.staysSilent());
    QVERIFY(near.staysSilent());
}

void ProbeSocketTest::probes_areNothingToWireGuard()
{
    QVERIFY(ping());
    Ear far(*m_far);
    const auto before = dump(kNear);
    for (int i = 0; i < 20; ++i)
        QVERIFY(throwFar(farEnd(Family::IPv4), randomBytes(kSize)));
    QVERIFY(far.hears(20));
    for (int i = 0; i < 20; ++i)
        VERIFY_DONE(m_far->send({far.heard.front().source, 0, randomBytes(kSize)}));
    QVERIFY(ping());
    const auto after = dump(kNear);
    QCOMPARE(after.size(), 2);
    QCOMPARE(after[1][2], before[1][2]); // the endpoint
    // One ping each way, and at most a keepalive: 20 probes of 128 bytes are not in it.
    QVERIFY(after[1][5].toULongLong() - before[1][5].toULongLong() < 400);
}

void ProbeSocketTest::whatTheFirewallDrops_doesNotArrive()
{
    Ear far(*m_far);
    m_network->run(u"nft -f -"_s,
        "table inet wall { chain in { type filter hook input priority 0; udp dport 53333 counter drop\n }\n}\n");
    for (const Family family : kFamilies)
        QVERIFY(throwFar(farEnd(family), randomBytes(kSize)));
    QVERIFY(far.staysSilent());
    QVERIFY(m_network->run(u"nft list ruleset"_s).contains("packets 2"));
    m_network->run(u"nft flush ruleset"_s);
    for (const Family family : kFamilies)
        QVERIFY(throwFar(farEnd(family), randomBytes(kSize)));
    QVERIFY(far.hears(2));
}

void ProbeSocketTest::checksum_isRightOnTheWire()
{
    FileHandle wire;
    {
        const FarNetwork::Visit visit(*m_network);
        wire = FileHandle(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_UDP));
    }
    for (const qsizetype size : {qsizetype(128), qsizetype(129), qsizetype(1452)}) {
        QVERIFY(throwFar(farEnd(Family::IPv4), randomBytes(size)));
        QByteArray packet(2000, '\0');
        ssize_t length = -1;
        QVERIFY(QTest::qWaitFor([&] {
            length = recv(wire.get(), packet.data(), static_cast<std::size_t>(packet.size()), 0);
            return length >= 0;
        }));
        packet.truncate(length);
        QCOMPARE(length, size + 28);
        QVERIFY(packet.mid(26, 2) != QByteArray(2, '\0'));
        const QByteArray pseudo = packet.mid(12, 8) + QByteArray("\0\x11", 2) + packet.mid(24, 2);
        QCOMPARE(sumOver(pseudo + packet.mid(20)), quint16(0xffff));
    }
}

void ProbeSocketTest::probes_carryTheMarkOfHome()
{
    run(u"nft -f -"_s.split(u' '),
        "table inet look { chain out { type filter hook output priority 0;\n"
        "  meta mark & 0xff000000 == 0xa1000000 udp sport 53333 counter\n }\n}\n");
    for (const Family family : kFamilies)
        QVERIFY(throwFar(farEnd(family), randomBytes(kSize)));
    QVERIFY(run(u"nft list ruleset"_s.split(u' ')).contains("packets 2"));
}

void ProbeSocketTest::filter_cannotBeTakenOff()
{
    std::array<sock_filter, 1> all = {{BPF_STMT(BPF_RET | BPF_K, 0xffff)}};
    const sock_fprog open{all.size(), all.data()};
    const int off = 0;
    for (const Family family : kFamilies) {
        const int socket = m_near->descriptor(family);
        QVERIFY(socket >= 0);
        QVERIFY(setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &off, sizeof off) != 0);
        QCOMPARE(errno, EPERM);
        QVERIFY(setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &open, sizeof open) != 0);
        QCOMPARE(errno, EPERM);
        QVERIFY(setsockopt(socket, SOL_SOCKET, SO_LOCK_FILTER, &off, sizeof off) != 0);
        QCOMPARE(errno, EPERM);
    }
}

void ProbeSocketTest::whatIsNoProbe_neverWakesUs_data()
{
    QTest::addColumn<quint16>("port");
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("another port") << quint16(kPort + 1) << randomBytes(kSize);
    QTest::newRow("empty") << kPort << QByteArray();
    QTest::newRow("too short") << kPort << randomBytes(kSize - 1);
    QTest::newRow("too long") << kPort << randomBytes(1453);
    QTest::newRow("in pieces") << kPort << randomBytes(4000);
    QTest::newRow("like a handshake") << kPort << randomBytes(148, '\0');
    QTest::newRow("like data") << kPort << randomBytes(kSize, '\0');
}

void ProbeSocketTest::whatIsNoProbe_neverWakesUs()
{
    QFETCH(quint16, port);
    QFETCH(QByteArray, payload);
    Ear near(*m_near);
    const FarNetwork::Visit visit(*m_network);
    for (const Family family : kFamilies) {
        const Thrower thrower(family);
        for (int i = 0; i < 2000; ++i)
            thrower.throwAt(m_network->near(family), port, payload);
        pollfd readable{m_near->descriptor(family), POLLIN, 0};
        QCOMPARE(poll(&readable, 1, 50), 0);
        thrower.throwAt(m_network->near(family), kPort, randomBytes(kSize)); // it is heard otherwise
        QVERIFY(near.hears(1));
        near.heard.clear();
    }
}

void ProbeSocketTest::flood_costsNoMoreThanItsShare()
{
    Ear near(*m_near);
    constexpr int kThrown = 100000;
    const QByteArray payload = randomBytes(kSize);
    const FarNetwork::Visit visit(*m_network);
    const Thrower thrower(Family::IPv4);
    double spent = 0;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < kThrown; ++i) {
        thrower.throwAt(m_network->near(Family::IPv4), kPort, payload);
        if (i % 100 != 0)
            continue;
        const double before = processorSeconds();
        QCoreApplication::processEvents();
        spent += processorSeconds() - before;
    }
    const double seconds = double(timer.elapsed()) / 1000;
    qInfo("%.0f datagrams/s; %zu passed on, %.1f %% of a processor", kThrown / seconds, near.heard.size(),
        100 * spent / seconds);
    QVERIFY(near.heard.size() > 100);
    QVERIFY(double(near.heard.size()) < 500 + 2100 * seconds + 64);
    near.heard.clear();
    QVERIFY(near.hears(1)); // what waited in the socket, and then the next one
    QTest::qWait(500);
    near.heard.clear();
    thrower.throwAt(m_network->near(Family::IPv4), kPort, payload);
    QVERIFY(near.hears(1));
}

void ProbeSocketTest::otherPort_isHeardAfterOpeningAgain()
{
    VERIFY_DONE(m_near->open(kPort + 1));
    QCOMPARE(m_near->port(), quint16(kPort + 1));
    Ear near(*m_near);
    Ear far(*m_far);
    QVERIFY(throwFar(farEnd(Family::IPv4), randomBytes(kSize)));
    QVERIFY(far.hears(1));
    QCOMPARE(far.heard.front().source.port, quint16(kPort + 1));
    VERIFY_DONE(m_far->send({{m_network->near(Family::IPv4), kPort, 0}, 0, randomBytes(kSize)}));
    QVERIFY(near.staysSilent());
    VERIFY_DONE(m_far->send({far.heard.front().source, 0, randomBytes(kSize)}));
    QVERIFY(near.hears(1));
}

void ProbeSocketTest::closedSocket_hearsAndSendsNothing()
{
    Ear near(*m_near);
    m_near->close();
    QVERIFY(!throwFar(farEnd(Family::IPv4), randomBytes(kSize)));
    VERIFY_DONE(m_far->send({{m_network->near(Family::IPv4), kPort, 0}, 0, randomBytes(kSize)}));
    QVERIFY(near.staysSilent());
    QCOMPARE(m_near->descriptor(Family::IPv4), -1);
}

int main(int argc, char **argv)
{
    return runInPrivateNetwork<ProbeSocketTest>(argc, argv);
}

#include "probe_socket_test.moc"
