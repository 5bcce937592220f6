// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/kernel/wires.h"

#include "tests/lab/kernel/private_network.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;
using model::Packet;
using Content = Wires::Content;

namespace {

constexpr char kWorld[] = "world";
constexpr quint16 kSentinel = 0x88b5; ///< IEEE 802 local experiments

sockaddr_ll onLink(const QString &link, quint16 protocol)
{
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(protocol);
    address.sll_ifindex = static_cast<int>(if_nametoindex(link.toLatin1().constData()));
    address.sll_halen = ETH_ALEN;
    return address;
}

FileHandle packetSocket(const QString &link)
{
    FileHandle handle(::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    const sockaddr_ll address = onLink(link, ETH_P_ALL);
    if (::bind(handle.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        QTest::qFail("cannot listen on a link", __FILE__, __LINE__);
    return handle;
}

void enter(const char *path)
{
    const FileHandle network(::open(path, O_RDONLY | O_CLOEXEC));
    if (!network || ::setns(network.get(), CLONE_NEWNET) != 0)
        QTest::qFail("cannot enter a network namespace", __FILE__, __LINE__);
}

/// Errors (RFC 792, RFC 4443) and redirects quote the packet that they are about.
bool quotes(const QByteArray &received, Content content)
{
    constexpr qsizetype k4 = ETH_HLEN + 20;
    constexpr qsizetype k6 = ETH_HLEN + 40;
    const auto byte = [&](qsizetype at) { return static_cast<quint8>(received.at(at)); };
    const auto isError6 = [](quint8 type) { return type < 128 || type == 137; };
    if (content == Content::Icmp6)
        return !received.isEmpty() && isError6(byte(0));
    if (content == Content::Packet || received.size() <= k6)
        return false;
    const bool isIPv4 = byte(12) == 0x08 && byte(13) == 0x00;
    if (isIPv4)
        return byte(ETH_HLEN + 9) == IPPROTO_ICMP && byte(k4) != 8;
    return byte(ETH_HLEN + 6) == IPPROTO_ICMPV6 && isError6(byte(k6));
}

bool put(int socket, const QByteArray &bytes)
{
    return ::send(socket, bytes.constData(), static_cast<std::size_t>(bytes.size()), 0) == bytes.size();
}

/// Null: nothing more is there. What went out by the link itself is left out, as an empty text.
QByteArray receive(int socket)
{
    QByteArray bytes(2048, Qt::Uninitialized);
    sockaddr_ll from{};
    socklen_t length = sizeof from;
    const ssize_t size = ::recvfrom(
        socket, bytes.data(), static_cast<std::size_t>(bytes.size()), 0, reinterpret_cast<sockaddr *>(&from), &length);
    if (size < 0)
        return {};
    const bool isOwn
        = length >= sizeof(sa_family_t) && from.sll_family == AF_PACKET && from.sll_pkttype == PACKET_OUTGOING;
    return isOwn ? QByteArray("") : bytes.first(size);
}

bool waitFor(int socket)
{
    pollfd wanted{socket, POLLIN, 0};
    return ::poll(&wanted, 1, 2000) == 1;
}

QByteArray frame(const QByteArray &to, quint16 type, const QByteArray &payload)
{
    const quint16 bigEndian = htons(type);
    return to + QByteArray::fromHex("020000000001") + QByteArray(reinterpret_cast<const char *>(&bigEndian), 2)
        + payload;
}

/// Local processing must not overtake: one processor, one queue.
void stayOnOneProcessor()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &set);
    sched_setaffinity(0, sizeof set, &set);
}

sockaddr_storage socketAddress(const Packet &packet)
{
    sockaddr_storage storage{};
    if (packet.family() == Family::IPv4) {
        auto *address = reinterpret_cast<sockaddr_in *>(&storage);
        address->sin_family = AF_INET;
        std::memcpy(&address->sin_addr, packet.destination.bytes().data(), 4);
        return storage;
    }
    auto *address = reinterpret_cast<sockaddr_in6 *>(&storage);
    address->sin6_family = AF_INET6;
    std::memcpy(&address->sin6_addr, packet.destination.bytes().data(), 16);
    if (!packet.output.isEmpty())
        address->sin6_scope_id = if_nametoindex(packet.output.letters.data());
    return storage;
}

} // namespace

Wires::Wires(const QStringList &links) : m_first(links.first())
{
    stayOnOneProcessor();
    run({u"ip"_s, u"netns"_s, u"add"_s, QLatin1StringView(kWorld)});
    const QString world = QLatin1StringView(kWorld);
    for (const QString &link : links) {
        const QString far = u"far-"_s + link;
        run({u"ip"_s, u"link"_s, u"add"_s, link, u"type"_s, u"veth"_s, u"peer"_s, u"name"_s, far, u"netns"_s, world});
        run({u"ip"_s, u"link"_s, u"set"_s, link, u"arp"_s, u"off"_s, u"addrgenmode"_s, u"none"_s});
        run({u"ip"_s, u"-n"_s, world, u"link"_s, u"set"_s, far, u"addrgenmode"_s, u"none"_s, u"up"_s});
        const QJsonArray shown = ip(u"link show dev "_s + link);
        m_addresses[link] = QByteArray::fromHex(shown[0].toObject()[u"address"_s].toString().remove(u':').toLatin1());
    }
    openFarEnds(links);
    m_near = packetSocket(m_first);
    for (const int protocol : std::initializer_list<int>{IPPROTO_TCP, IPPROTO_UDP})
        m_here.emplace_back(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
    for (const int protocol : std::initializer_list<int>{IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMPV6})
        m_here.emplace_back(::socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
}

void Wires::setUp(const QString &link)
{
    run({u"ip"_s, u"link"_s, u"set"_s, link, u"up"_s});
    const QString world = QLatin1StringView(kWorld);
    const auto isUp = [&] {
        const QByteArray far = run({u"ip"_s, u"-n"_s, world, u"link"_s, u"show"_s, u"far-"_s + link});
        return far.contains(" state UP ") && ip(u"link show dev "_s + link)[0].toObject()[u"operstate"_s] == u"UP"_s;
    };
    // The kernel connects the far end in its own time; until then it drops what is sent there.
    QVERIFY2(QTest::qWaitFor(isUp, 5000), qPrintable(link));
}

void Wires::openFarEnds(const QStringList &links)
{
    const FileHandle own(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    enter((QByteArray("/run/netns/") + kWorld).constData());
    for (const QString &link : links)
        m_far.emplace(link, packetSocket(u"far-"_s + link));
    if (::setns(own.get(), CLONE_NEWNET) != 0)
        QTest::qFail("cannot come back from a network namespace", __FILE__, __LINE__);
}

void Wires::send(const Packet &packet, quint32 cookie)
{
    const int family = packet.family() == Family::IPv4 ? AF_INET : AF_INET6;
    const FileHandle handle(::socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    const int yes = 1;
    ::setsockopt(handle.get(), SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes);
    ::setsockopt(handle.get(), SOL_SOCKET, SO_MARK, &packet.mark, sizeof packet.mark);
    if (!packet.output.isEmpty())
        ::setsockopt(handle.get(), SOL_SOCKET, SO_BINDTODEVICE, packet.output.letters.data(), IFNAMSIZ);
    const QByteArray bytes = bytesOf(packet, cookie);
    const sockaddr_storage to = socketAddress(packet);
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    (void)::sendto(handle.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), 0,
        reinterpret_cast<const sockaddr *>(&to), size);
}

void Wires::inject(const Packet &packet, quint32 cookie)
{
    const QString link = packet.input.toString();
    const quint16 type = packet.family() == Family::IPv4 ? ETH_P_IP : ETH_P_IPV6;
    const QByteArray bytes = frame(m_addresses.at(link), type, bytesOf(packet, cookie));
    if (!put(m_far.at(link).get(), bytes))
        QTest::qFail("cannot put a frame on a wire", __FILE__, __LINE__);
}

bool Wires::passSentinel(Seen &seen)
{
    // In and out again: whatever was forwarded is then through, too.
    const QByteArray in = frame(m_addresses.at(m_first), kSentinel, QByteArray(46, 'i'));
    const QByteArray out = frame(QByteArray(6, '\xff'), kSentinel, QByteArray(46, 'o'));
    const int far = m_far.at(m_first).get();
    Seen ignored;
    return put(far, in) && readUntil(in, m_near.get(), {}, ignored) && put(m_near.get(), out)
        && readUntil(out, far, m_first, seen);
}

bool Wires::readUntil(const QByteArray &last, int socket, const QString &where, Seen &seen)
{
    while (waitFor(socket)) {
        const QByteArray received = receive(socket);
        if (received == last)
            return true;
        if (const auto cookie = cookieOf(received); cookie && !quotes(received, Content::Frame))
            seen.emplace(*cookie, where);
    }
    return false;
}

void Wires::drain(int socket, const QString &where, Content content, Seen &seen)
{
    for (QByteArray received = receive(socket); !received.isNull(); received = receive(socket)) {
        if (const auto cookie = cookieOf(received); cookie && !quotes(received, content))
            seen.emplace(*cookie, where);
    }
}

Seen Wires::collect()
{
    Seen seen;
    if (!passSentinel(seen))
        QTest::qFail("the wires do not carry", __FILE__, __LINE__);
    for (const auto &[link, handle] : m_far)
        drain(handle.get(), link, Content::Frame, seen);
    for (std::size_t i = 0; i < m_here.size(); ++i) {
        const bool isIcmp6 = i + 1 == m_here.size();
        drain(m_here[i].get(), u"here"_s, isIcmp6 ? Content::Icmp6 : Content::Packet, seen);
    }
    Seen ignored;
    drain(m_near.get(), {}, Content::Frame, ignored);
    return seen;
}

} // namespace sallyport::test
