// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/packet_carrier.h"

#include "core/constants.h"
#include "helper/kernel/system_error.h"
#include "helper/probe/closed_socket.h"
#include "helper/probe/socket_address.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

namespace {

constexpr int kQueueRoom = 8 * 1024 * 1024; ///< a full gigabit for a twentieth of a second
constexpr int kChecksumAt = 6; ///< in the header of UDP

/// Loads the mark, compares under the mask; SKF_AD_MARK as in linux/filter.h.
constexpr std::array<sock_filter, 5> kMarkedOnly = {{
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<quint32>(SKF_AD_OFF + SKF_AD_MARK)),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, kMarkMask),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kHomeMark, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    BPF_STMT(BPF_RET | BPF_K, 0),
}};

/// A datagram with its header in front.
struct Datagram {
    udphdr header{};
    std::array<char, 65536 - sizeof(udphdr)> payload{};
};
static_assert(sizeof(Datagram) == 65536);

class UdpCarriage : public Carriage {
public:
    UdpCarriage(FileHandle in, FileHandle out, const Endpoint &to, quint16 listenPort)
        : m_in(std::move(in)), m_out(std::move(out)), m_notifier(m_in.get(), QSocketNotifier::Read)
    {
        m_datagram->header.source = htons(listenPort);
        m_datagram->header.dest = htons(to.port);
        m_to = NativeAddress::of(to.address, 0, to.scopeId); // raw sockets want no port
        QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { pass(); });
    }
    ~UdpCarriage() override { pass(); }

    quint16 port() const override
    {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        sockaddr_in inner{};
        (void)getsockname(m_in.get(), reinterpret_cast<sockaddr *>(&address), &size);
        std::memcpy(&inner, &address, sizeof inner); // the port is at the same place in both families
        return ntohs(inner.sin_port);
    }

private:
    /// What cannot be sent is lost, as it would be on any path.
    void pass()
    {
        for (;;) {
            const ssize_t size = recv(m_in.get(), m_datagram->payload.data(), m_datagram->payload.size(), 0);
            if (size < 0 && errno != EINTR)
                return;
            if (size < 0)
                continue;
            const std::size_t whole = sizeof(udphdr) + static_cast<std::size_t>(size);
            m_datagram->header.len = htons(static_cast<quint16>(whole));
            (void)sendto(m_out.get(), m_datagram.get(), whole, MSG_NOSIGNAL, m_to.get(), m_to.size());
        }
    }

    FileHandle m_in;
    FileHandle m_out;
    QSocketNotifier m_notifier;
    NativeAddress m_to;
    std::unique_ptr<Datagram> m_datagram = std::make_unique<Datagram>();
};

Result<FileHandle> receivingSocket(Family family)
{
    const QString what = u"Opening a local socket for a move"_s;
    const bool isIPv4 = family == Family::IPv4;
    FileHandle socket(::socket(isIPv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket)
        return systemError(what, errno);
    // Before it is bound, so that it never takes in anything else.
    if (Result<Done> locked = lockFilter(socket, kMarkedOnly); !locked)
        return locked.error();
    (void)setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kQueueRoom, sizeof kQueueRoom);
    const auto local = IpAddress::parse(isIPv4 ? u"127.0.0.1" : u"::1");
    const NativeAddress address = NativeAddress::of(*local, 0, 0);
    if (bind(socket.get(), address.get(), address.size()) != 0)
        return systemError(what, errno);
    return socket;
}

Result<FileHandle> markedSocket(Family family)
{
    const bool isIPv4 = family == Family::IPv4;
    Result<FileHandle> socket = sendingSocket(isIPv4 ? AF_INET : AF_INET6, IPPROTO_UDP);
    if (!socket)
        return socket;
    const quint32 mark = kHomeMark;
    // Without a checksum IPv6 is dropped by whoever receives it; IPv4 may go without.
    const bool isSummed
        = isIPv4 || setsockopt(socket->get(), IPPROTO_IPV6, IPV6_CHECKSUM, &kChecksumAt, sizeof kChecksumAt) == 0;
    if (!isSummed || setsockopt(socket->get(), SOL_SOCKET, SO_MARK, &mark, sizeof mark) != 0)
        return systemError(u"Preparing a socket that sends for WireGuard"_s, errno);
    return socket;
}

} // namespace

Result<std::unique_ptr<Carriage>> PacketCarrier::carry(Family from, const Endpoint &to, quint16 listenPort)
{
    Result<FileHandle> in = receivingSocket(from);
    if (!in)
        return in.error();
    Result<FileHandle> out = markedSocket(to.address.family());
    if (!out)
        return out.error();
    return std::unique_ptr<Carriage>(std::make_unique<UdpCarriage>(*std::move(in), *std::move(out), to, listenPort));
}

} // namespace sallyport::probe
