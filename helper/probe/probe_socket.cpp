// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/probe_socket.h"

#include "core/constants.h"
#include "helper/kernel/system_error.h"
#include "helper/probe/probe_filter.h"
#include "helper/probe/probe_packet.h"
#include "helper/probe/socket_address.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

namespace {

/// A flood of what the filter takes for probes costs no more than this; the kernel drops the rest at the full socket.
constexpr int kArrivalsPerSecond = 2000;
constexpr int kArrivalsAtOnce = 500;
constexpr int kAtOnce = 64; ///< then others get their turn
constexpr std::chrono::milliseconds kShortestPause{5};
constexpr std::size_t kLargestIpHeader = 60;
constexpr std::size_t kReceiveRoom = kLargestIpHeader + kUdpHeader + meshlink::kLargestProbe;
constexpr int kChecksumOffset = 6; ///< in the UDP header

template<class T>
bool set(const FileHandle &socket, int level, int option, const T &value)
{
    return setsockopt(socket.get(), level, option, &value, sizeof value) == 0;
}

FileHandle rawSocket(Family family, int protocol)
{
    const int native = family == Family::IPv4 ? AF_INET : AF_INET6;
    return FileHandle(::socket(native, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
}

bool lockFilter(const FileHandle &socket, Family family, quint16 port)
{
    std::vector<sock_filter> program = probeFilter(family, port);
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return set(socket, SOL_SOCKET, SO_ATTACH_FILTER, filter) && set(socket, SOL_SOCKET, SO_LOCK_FILTER, 1);
}

bool askForDestination(const FileHandle &socket, Family family)
{
    return family == Family::IPv4 ? set(socket, IPPROTO_IP, IP_PKTINFO, 1)
                                  : set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

/// What came between socket() and the filter was let in by nobody.
void empty(const FileHandle &socket)
{
    std::array<quint8, 1> byte{};
    while (recv(socket.get(), byte.data(), byte.size(), MSG_DONTWAIT | MSG_TRUNC) >= 0 || errno == EINTR) {}
}

std::span<const quint8> bytesOf(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

} // namespace

ProbeSocket::ProbeSocket(QObject *parent) : QObject(parent), m_arrivals(kArrivalsPerSecond, kArrivalsAtOnce)
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, &ProbeSocket::listenAgain);
}

Result<Done> ProbeSocket::open(quint16 port)
{
    close();
    m_port = port;
    Result<Done> opened = openReceiver(m_receiver4);
    if (opened)
        opened = openSender();
    if (opened)
        opened = openReceiver(m_receiver6);
    if (!opened)
        close();
    return opened;
}

void ProbeSocket::close()
{
    m_port = 0;
    m_pause.stop();
    for (Receiver *receiver : {&m_receiver4, &m_receiver6}) {
        receiver->notifier.reset();
        receiver->socket.reset();
    }
    m_sender4.reset();
}

int ProbeSocket::descriptor(Family family) const
{
    return (family == Family::IPv4 ? m_receiver4 : m_receiver6).socket.get();
}

Result<Done> ProbeSocket::openReceiver(Receiver &receiver)
{
    const QString what = u"Opening a socket for probes on port %1"_s.arg(m_port);
    FileHandle socket = rawSocket(receiver.family, IPPROTO_UDP);
    if (!socket && errno == EAFNOSUPPORT && receiver.family == Family::IPv6)
        return Done{};
    if (!socket || !lockFilter(socket, receiver.family, m_port) || !askForDestination(socket, receiver.family)
        || !set(socket, SOL_SOCKET, SO_MARK, kHomeMark))
        return systemError(what, errno);
    // A probe that had to be cut in pieces would say nothing about packets that must not be.
    if (receiver.family == Family::IPv6
        && (!set(socket, IPPROTO_IPV6, IPV6_CHECKSUM, kChecksumOffset) || !set(socket, IPPROTO_IPV6, IPV6_DONTFRAG, 1)))
        return systemError(what, errno);
    empty(socket);
    receiver.socket = std::move(socket);
    receiver.notifier = std::make_unique<QSocketNotifier>(receiver.socket.get(), QSocketNotifier::Read);
    connect(receiver.notifier.get(), &QSocketNotifier::activated, this, [this, &receiver] { drain(receiver); });
    return Done{};
}

Result<Done> ProbeSocket::openSender()
{
    m_sender4 = rawSocket(Family::IPv4, IPPROTO_RAW);
    if (!m_sender4 || !set(m_sender4, SOL_SOCKET, SO_MARK, kHomeMark))
        return systemError(u"Opening a socket to send probes from port %1"_s.arg(m_port), errno);
    return Done{};
}

void ProbeSocket::drain(Receiver &receiver)
{
    for (int i = 0; i < kAtOnce; ++i) {
        if (!m_arrivals.take())
            return pause();
        // Whoever hears of it may close this.
        if (!receive(receiver) || !receiver.socket)
            return;
    }
}

bool ProbeSocket::receive(const Receiver &receiver)
{
    std::array<quint8, kReceiveRoom> buffer{};
    Arrival arrival;
    const std::optional<std::size_t> size = receiveWithPath(receiver.socket.get(), buffer, arrival);
    if (!size)
        return false;
    const auto datagram = datagramIn(receiver.family, std::span(buffer).first(std::min(*size, buffer.size())));
    if (!datagram || *size > buffer.size() || !arrival.destination)
        return true;
    meshlink::ProbeArrived probe;
    probe.source = {arrival.source, datagram->sourcePort, arrival.scopeId};
    probe.destination = *arrival.destination;
    probe.interfaceIndex = arrival.interfaceIndex;
    probe.payload = QByteArray(
        reinterpret_cast<const char *>(datagram->payload.data()), static_cast<qsizetype>(datagram->payload.size()));
    Q_EMIT arrived(probe);
    return true;
}

void ProbeSocket::pause()
{
    for (const Receiver *receiver : {&m_receiver4, &m_receiver6}) {
        if (receiver->notifier)
            receiver->notifier->setEnabled(false);
    }
    m_pause.start(std::max(kShortestPause, std::chrono::ceil<std::chrono::milliseconds>(m_arrivals.rest())));
}

void ProbeSocket::listenAgain()
{
    for (const Receiver *receiver : {&m_receiver4, &m_receiver6}) {
        if (receiver->notifier)
            receiver->notifier->setEnabled(true);
    }
}

Result<Done> ProbeSocket::send(const meshlink::SendProbe &probe)
{
    if (m_port == 0)
        return Error{Errc::NotConfigured, u"Home is off."_s, {}};
    return probe.to.address.family() == Family::IPv4 ? send4(probe) : send6(probe);
}

/// The checksum covers the source, which the kernel chooses with the way: connecting tells both.
Result<Done> ProbeSocket::send4(const meshlink::SendProbe &probe)
{
    const QString what = u"Sending a probe to "_s + probe.to.toString();
    const auto to = NativeAddress::of(probe.to.address, 0, 0);
    const int index = static_cast<int>(probe.interfaceIndex);
    // In this order: with the peer the kernel forgets the interface, too.
    if (!forgetPeer(m_sender4.get()) || !set(m_sender4, SOL_SOCKET, SO_BINDTOIFINDEX, index)
        || ::connect(m_sender4.get(), to.get(), to.size()) != 0)
        return systemError(what, errno);
    const std::optional<IpAddress> own = ownAddress(m_sender4.get());
    if (!own)
        return systemError(what, errno);
    const QByteArray packet = packetOf({*own, m_port, 0}, probe.to, bytesOf(probe.payload));
    if (::send(m_sender4.get(), packet.constData(), static_cast<std::size_t>(packet.size()), MSG_NOSIGNAL) < 0)
        return systemError(what, errno);
    return Done{};
}

Result<Done> ProbeSocket::send6(const meshlink::SendProbe &probe)
{
    const QString what = u"Sending a probe to "_s + probe.to.toString();
    if (!m_receiver6.socket)
        return systemError(what, EAFNOSUPPORT);
    const QByteArray datagram = datagramOf(m_port, probe.to.port, bytesOf(probe.payload));
    const quint32 index = probe.to.scopeId != 0 ? probe.to.scopeId : probe.interfaceIndex;
    const auto to = NativeAddress::of(probe.to.address, 0, probe.to.scopeId);
    if (!sendThrough(m_receiver6.socket.get(), datagram, to, index))
        return systemError(what, errno);
    return Done{};
}

} // namespace sallyport::probe
