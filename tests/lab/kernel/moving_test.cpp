// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "helper/probe/echo_sender.h"
#include "helper/probe/kernel_paths.h"
#include "helper/probe/packet_carrier.h"
#include "helper/probe/pin_rules.h"
#include "tests/lab/kernel/kernel_test.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

using namespace sallyport;
using namespace sallyport::probe;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

/// What moving an endpoint asks of the kernel: pins, ways, echo requests.
namespace {

constexpr quint16 kPort = 51820;

Endpoint endpoint(const QString &text)
{
    return *Endpoint::parse(text);
}

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    sockaddr *get() { return reinterpret_cast<sockaddr *>(&storage); }
};

SocketAddress addressOf(const Endpoint &endpoint)
{
    SocketAddress address;
    if (endpoint.address.family() == Family::IPv4) {
        auto *four = reinterpret_cast<sockaddr_in *>(&address.storage);
        four->sin_family = AF_INET;
        four->sin_port = htons(endpoint.port);
        std::memcpy(&four->sin_addr, endpoint.address.bytes().data(), 4);
        address.size = sizeof(sockaddr_in);
    } else {
        auto *six = reinterpret_cast<sockaddr_in6 *>(&address.storage);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(endpoint.port);
        std::memcpy(&six->sin6_addr, endpoint.address.bytes().data(), 16);
        address.size = sizeof(sockaddr_in6);
    }
    return address;
}

Endpoint endpointIn(SocketAddress &address)
{
    const auto *bytes = reinterpret_cast<const quint8 *>(&address.storage);
    const bool isIPv4 = address.storage.ss_family == AF_INET;
    const std::span<const quint8> host = isIPv4 ? std::span(bytes + offsetof(sockaddr_in, sin_addr), 4)
                                                : std::span(bytes + offsetof(sockaddr_in6, sin6_addr), 16);
    quint16 port = 0;
    std::memcpy(&port, bytes + offsetof(sockaddr_in, sin_port), sizeof port);
    return {IpAddress::fromBytes(isIPv4 ? Family::IPv4 : Family::IPv6, host), ntohs(port), 0};
}

FileHandle boundTo(const Endpoint &endpoint)
{
    SocketAddress address = addressOf(endpoint);
    FileHandle socket(::socket(address.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (bind(socket.get(), address.get(), address.size) != 0)
        qFatal("cannot bind %s", qPrintable(endpoint.toString()));
    return socket;
}

/// Where it seems to come from; none: it does not arrive.
std::optional<Endpoint> arrival(const FileHandle &socket)
{
    pollfd ready{socket.get(), POLLIN, 0};
    if (poll(&ready, 1, 200) != 1)
        return std::nullopt;
    SocketAddress from;
    char byte = 0;
    if (recvfrom(socket.get(), &byte, 1, 0, from.get(), &from.size) < 0)
        return std::nullopt;
    return endpointIn(from);
}

struct Places {
    Endpoint left;
    Endpoint next;
    Endpoint third; ///< of nobody who moves
    IpAddress here;
    IpAddress hereToo;
};

} // namespace

class MovingTest : public KernelTest {
    Q_OBJECT

private:
    nft::Tables m_tables;
    PinRules m_rules{m_tables};
    const Places m_four{endpoint(u"10.7.0.2:5000"_s), endpoint(u"10.7.0.3:6000"_s), endpoint(u"10.7.0.4:5000"_s),
        *IpAddress::parse(u"10.7.0.1"), *IpAddress::parse(u"10.7.0.9")};
    const Places m_six{endpoint(u"[fd07::2]:5000"_s), endpoint(u"[fd07::3]:6000"_s), endpoint(u"[fd07::4]:5000"_s),
        *IpAddress::parse(u"fd07::1"), *IpAddress::parse(u"fd07::9")};

    /// From there to our port, arriving at `socket`.
    static std::optional<Endpoint> sent(const Endpoint &from, const IpAddress &to, const FileHandle &socket)
    {
        const FileHandle sender = boundTo(from);
        SocketAddress address = addressOf({to, kPort, 0});
        if (sendto(sender.get(), "x", 1, 0, address.get(), address.size) != 1)
            return std::nullopt;
        return arrival(socket);
    }

    /// From our port, as WireGuard would.
    static void sendTo(const Endpoint &to, quint32 mark)
    {
        const FileHandle sender = boundTo({IpAddress::any(to.address.family()), kPort, 0});
        QCOMPARE(setsockopt(sender.get(), SOL_SOCKET, SO_MARK, &mark, sizeof mark), 0);
        SocketAddress address = addressOf(to);
        QCOMPARE(sendto(sender.get(), "x", 1, 0, address.get(), address.size), ssize_t(1));
    }

    void prepare() override
    {
        for (int host = 1; host < 10; ++host) {
            run({u"ip"_s, u"addr"_s, u"add"_s, u"10.7.0.%1/32"_s.arg(host), u"dev"_s, u"lo"_s});
            run({u"ip"_s, u"addr"_s, u"add"_s, u"fd07::%1/128"_s.arg(host), u"dev"_s, u"lo"_s, u"nodad"_s});
        }
    }

private Q_SLOTS:
    void cleanup() { VERIFY_DONE(m_rules.put({})); }

    void latePacket_seemsToComeByTheNewPath()
    {
        for (const Places &places : {m_four, m_six}) {
            const FileHandle there = boundTo({places.hereToo, kPort, 0});
            VERIFY_DONE(m_rules.put({{kPort, places.left, places.next, places.hereToo, {}}}));
            QCOMPARE(sent(places.left, places.here, there), places.next);
            QCOMPARE(sent(places.third, places.hereToo, there), places.third);
        }
    }

    void pinThatKnowsNoAddressOfOurs_leavesIt()
    {
        for (const Places &places : {m_four, m_six}) {
            const FileHandle here = boundTo({places.here, kPort, 0});
            VERIFY_DONE(m_rules.put({{kPort, places.left, places.next, {}, {}}}));
            QCOMPARE(sent(places.left, places.here, here), places.next);
            // Another port of the same machine is another peer, behind the same NAT.
            const Endpoint neighbour{places.left.address, 5001, 0};
            QCOMPARE(sent(neighbour, places.here, here), neighbour);
        }
    }

    void otherPortsOfOurs_areLeftAlone()
    {
        const FileHandle other = boundTo({m_four.here, kPort + 1, 0});
        VERIFY_DONE(m_rules.put({{kPort, m_four.left, m_four.next, {}, {}}}));
        const FileHandle sender = boundTo(m_four.left);
        SocketAddress address = addressOf({m_four.here, kPort + 1, 0});
        QCOMPARE(sendto(sender.get(), "x", 1, 0, address.get(), address.size), ssize_t(1));
        QCOMPARE(arrival(other), m_four.left);
    }

    void pinToNowhere_dropsOnlyTheOldPath()
    {
        for (const Places &places : {m_four, m_six}) {
            const FileHandle here = boundTo({places.here, kPort, 0});
            VERIFY_DONE(m_rules.put({{kPort, places.left, {}, {}, {}}}));
            QVERIFY(!sent(places.left, places.here, here));
            QCOMPARE(sent(places.next, places.here, here), places.next);
        }
    }

    void peersThatChangePlaces_areNotMistakenForEachOther()
    {
        for (const Places &places : {m_four, m_six}) {
            const FileHandle here = boundTo({places.here, kPort, 0});
            VERIFY_DONE(
                m_rules.put({{kPort, places.left, places.next, {}, {}}, {kPort, places.next, places.left, {}, {}}}));
            QCOMPARE(sent(places.left, places.here, here), places.next);
            QCOMPARE(sent(places.next, places.here, here), places.left);
        }
    }

    void linkLocalSource_isMeantOnItsInterfaceOnly()
    {
        run(u"ip link add left type veth peer name right"_s.split(u' '));
        const Endpoint scoped{*IpAddress::parse(u"fe80::7"), kPort, if_nametoindex("left")};
        VERIFY_DONE(m_rules.put({{kPort, scoped, m_six.next, {}, {}}}));
        QVERIFY(run(u"nft list table inet sallyport_pin"_s.split(u' ')).contains("iif \"left\" ip6 saddr fe80::7"));
        run(u"ip link del left"_s.split(u' '));
    }

    void whatWeStillSendByTheOldPath_isCarriedByTheNew()
    {
        for (const auto &[left, next] : {std::pair(m_four.left, m_six.next), std::pair(m_six.left, m_four.next)}) {
            PacketCarrier carriers;
            const auto carriage = carriers.carry(left.address.family(), next, kPort);
            QVERIFY2(carriage, qPrintable(carriage.error().detail));
            VERIFY_DONE(m_rules.put({{kPort, left, {}, {}, (*carriage)->port()}}));
            const FileHandle old = boundTo(left);
            const FileHandle there = boundTo(next);
            sendTo(left, kHomeMark);
            QTest::qWait(20);
            const auto arrived = arrival(there);
            QVERIFY(arrived);
            QCOMPARE(arrived->port, quint16(kPort));
            QVERIFY(!arrival(old));
            // What only looks like WireGuard's goes where it was sent.
            sendTo(left, 0);
            QTest::qWait(20);
            QVERIFY(arrival(old));
            QVERIFY(!arrival(there));
        }
    }

    void carrier_takesNothingFromOtherPrograms()
    {
        PacketCarrier carriers;
        auto carriage = carriers.carry(Family::IPv4, m_six.next, kPort);
        QVERIFY2(carriage, qPrintable(carriage.error().detail));
        const FileHandle there = boundTo(m_six.next);
        const Endpoint door{*IpAddress::parse(u"127.0.0.1"), (*carriage)->port(), 0};
        sendTo(door, 0);
        QTest::qWait(20);
        QVERIFY(!arrival(there));
        sendTo(door, kHomeMark);
        *carriage = nullptr; // and what waits for it is not lost
        QVERIFY(arrival(there));
    }

    void leftovers_areRecognisedAndRemoved()
    {
        VERIFY_DONE(m_rules.put({{kPort, m_four.left, m_four.next, {}, {}}}));
        nft::Tables later;
        PinRules next(later);
        VERIFY_DONE(next.put({}));
        QVERIFY(!run(u"nft list tables"_s.split(u' ')).contains("sallyport"));
        VERIFY_DONE(next.put({})); // nothing there is no error
    }

    void somebodyElsesTable_isLeftAlone()
    {
        run(u"nft add table inet sallyport_pin"_s.split(u' '));
        VERIFY_DONE(m_rules.put({}));
        const Result<Done> refused = m_rules.put({{kPort, m_four.left, m_four.next, {}, {}}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::NameTaken);
        QVERIFY(run(u"nft list tables"_s.split(u' ')).contains("sallyport_pin"));
        run(u"nft delete table inet sallyport_pin"_s.split(u' '));
    }

    void runningMove_isSeenByNoPlanAndTakenForNobodyElses()
    {
        VERIFY_DONE(m_rules.put({{kPort, m_four.left, m_four.next, {}, {}}}));
        const Result<ObservedState> seen = m_kernel.observe();
        VERIFY_DONE(seen);
        QVERIFY(seen->tables.empty());
        for (const ForeignTable &table : seen->others.tables)
            QVERIFY(table.name != QLatin1StringView(kPinTable));
    }

    void way_isTheOneThatTheKernelWouldTake()
    {
        run(u"ip link add left type veth peer name right"_s.split(u' '));
        for (const char16_t *command : {u"ip addr add 10.8.0.1/24 dev left", u"ip addr add 10.8.0.11/24 dev left",
                 u"ip addr add fd08::1/64 dev left nodad", u"ip addr add fe80::77/64 dev left nodad",
                 u"ip link set left up", u"ip link set right up", u"ip route add 10.8.0.12 dev left src 10.8.0.11",
                 u"ip route add unreachable 10.8.1.0/24"})
            run(QString::fromUtf16(command).split(u' '));
        KernelPaths paths;
        const quint32 left = if_nametoindex("left");
        const auto source = [&](const char16_t *address) {
            return std::optional(LocalPath{*IpAddress::parse(address), left});
        };
        QCOMPARE(*paths.pathTo(endpoint(u"10.8.0.2:1"_s)), source(u"10.8.0.1"));
        QCOMPARE(*paths.pathTo(endpoint(u"10.8.0.12:1"_s)), source(u"10.8.0.11"));
        QCOMPARE(*paths.pathTo(endpoint(u"[fd08::2]:1"_s)), source(u"fd08::1"));
        QCOMPARE(*paths.pathTo({*IpAddress::parse(u"fe80::5"), 1, left}), source(u"fe80::77"));
        for (const char16_t *nowhere : {u"10.8.1.2:1", u"192.0.2.1:1", u"[2001:db8::1]:1", u"10.8.0.1:1"})
            QVERIFY(!*paths.pathTo(*Endpoint::parse(nowhere)));
        run(u"ip link del left"_s.split(u' '));
    }

    void echoRequest_goesIntoTheLinkAndNowhereElse()
    {
        run(u"ip link add echoes type veth peer name far"_s.split(u' '));
        run(u"ip link set far up"_s.split(u' '));
        run(u"ip addr add fd09::1/64 dev echoes nodad"_s.split(u' '));
        run(u"ip addr add 10.9.0.1/24 dev echoes"_s.split(u' '));
        run(u"ip link set echoes up"_s.split(u' '));
        for (const char16_t *neighbour : {u"10.9.0.2", u"fd09::2"})
            run(u"ip neigh add %1 lladdr 02:00:00:00:00:01 dev echoes"_s.arg(QString::fromUtf16(neighbour))
                    .split(u' '));
        const FileHandle wire(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL)));
        sockaddr_ll at{};
        at.sll_family = AF_PACKET;
        at.sll_protocol = htons(ETH_P_ALL);
        at.sll_ifindex = static_cast<int>(if_nametoindex("echoes"));
        QCOMPARE(bind(wire.get(), reinterpret_cast<const sockaddr *>(&at), sizeof at), 0);
        EchoSender echo(u"echoes"_s);
        VERIFY_DONE(echo.send(*IpAddress::parse(u"10.9.0.2")));
        QVERIFY(seenOn(wire, 20, 8));
        VERIFY_DONE(echo.send(*IpAddress::parse(u"fd09::2")));
        QVERIFY(seenOn(wire, 40, 128));
        run(u"ip link del echoes"_s.split(u' '));
        QVERIFY(!echo.send(*IpAddress::parse(u"10.9.0.2")));
    }

private:
    /// A packet of ICMP type `type` behind a header of that size, with a right checksum.
    static bool seenOn(const FileHandle &wire, std::size_t header, quint8 type)
    {
        std::array<quint8, 2048> packet{};
        pollfd ready{wire.get(), POLLIN, 0};
        while (poll(&ready, 1, 2000) == 1) {
            const ssize_t size = recv(wire.get(), packet.data(), packet.size(), 0);
            const quint8 version = packet[0] >> 4;
            if (size != static_cast<ssize_t>(header + 24) || version != (header == 20 ? 4 : 6)
                || packet[header] != type)
                continue;
            return checksumFits(std::span(packet).first(static_cast<std::size_t>(size)), header);
        }
        return false;
    }

    static bool checksumFits(std::span<const quint8> packet, std::size_t header)
    {
        quint32 sum = 0;
        const auto add = [&](std::span<const quint8> bytes) {
            for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
                sum += static_cast<quint32>(bytes[i] << 8 | bytes[i + 1]);
        };
        add(packet.subspan(header));
        if (header == 40) { // pseudo header, RFC 4443 section 2.3
            add(packet.subspan(8, 32));
            sum += static_cast<quint32>(packet.size() - header) + IPPROTO_ICMPV6;
        }
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return sum == 0xffff;
    }
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<MovingTest>(argc, argv);
}

#include "moving_test.moc"
