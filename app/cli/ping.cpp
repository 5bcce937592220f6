// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/ping.h"

#include "app/descriptor.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QRandomGenerator>

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace sallyport::cli {

using namespace std::chrono_literals;

namespace {

constexpr int kTries = 3;
constexpr auto kPause = 700ms;
constexpr std::size_t kHeader = 8; ///< of ICMP and ICMPv6 alike
constexpr std::size_t kToken = 8;
constexpr quint8 kEcho4 = 8; // RFC 792
constexpr quint8 kEcho6 = 128; // RFC 4443

Descriptor socketFor(Family family)
{
    return family == Family::IPv4 ? Descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP))
                                  : Descriptor(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMPV6));
}

/// Neither fragmented here nor limited to what was learned of the path: it is the path that is asked.
bool keepWhole(int socket, Family family)
{
    const int probe = IP_PMTUDISC_PROBE; // IPV6_PMTUDISC_PROBE is the same number
    const int level = family == Family::IPv4 ? IPPROTO_IP : IPPROTO_IPV6;
    const int option = family == Family::IPv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER;
    return ::setsockopt(socket, level, option, &probe, sizeof probe) == 0;
}

/// The kernel fills in identifier and checksum. The token tells our answers from others.
QByteArray requestOf(Family family, quint32 size)
{
    const std::size_t above = family == Family::IPv4 ? 20 : 40;
    const std::size_t smallest = kHeader + kToken;
    const std::size_t length = size > above + smallest ? size - above : smallest;
    QByteArray request(qsizetype(length), '\0');
    request[0] = char(family == Family::IPv4 ? kEcho4 : kEcho6);
    const quint64 token = QRandomGenerator::system()->generate64();
    std::memcpy(request.data() + kHeader, &token, kToken);
    return request;
}

Pinged::Kind kindOf(int errnoValue)
{
    if (errnoValue == EPERM || errnoValue == EACCES)
        return Pinged::Kind::Blocked;
    return errnoValue == EMSGSIZE ? Pinged::Kind::TooLarge : Pinged::Kind::Silent;
}

bool isAnswer(std::span<const char> reply, const QByteArray &request)
{
    return reply.size() >= kHeader + kToken && reply[0] != request[0]
        && std::memcmp(reply.data() + kHeader, request.constData() + kHeader, kToken) == 0;
}

/// True: the answer came before the time was over.
bool waitForAnswer(int socket, const QByteArray &request, std::chrono::milliseconds limit)
{
    QElapsedTimer timer;
    timer.start();
    std::array<char, 2048> reply{};
    for (;;) {
        const auto left = limit - std::chrono::milliseconds(timer.elapsed());
        pollfd waiting{socket, POLLIN, 0};
        if (left <= 0ms || ::poll(&waiting, 1, int(left.count())) <= 0)
            return false;
        const ssize_t size = ::recv(socket, reply.data(), reply.size(), 0);
        if (size > 0 && isAnswer({reply.data(), std::size_t(size)}, request))
            return true;
        if (size < 0 && errno != EINTR && errno != EAGAIN)
            return false;
    }
}

} // namespace

unsigned fillAddress(sockaddr_storage &storage, const IpAddress &address, quint16 port)
{
    if (address.family() == Family::IPv4) {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&four.sin_addr, address.bytes().data(), sizeof four.sin_addr);
        std::memcpy(&storage, &four, sizeof four);
        return sizeof four;
    }
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    std::memcpy(&six.sin6_addr, address.bytes().data(), sizeof six.sin6_addr);
    std::memcpy(&storage, &six, sizeof six);
    return sizeof six;
}

Pinged ping(const IpAddress &address, quint32 size)
{
    const Descriptor socket = socketFor(address.family());
    if (!socket)
        return {Pinged::Kind::NotPermitted, {}};
    sockaddr_storage to{};
    const unsigned length = fillAddress(to, address, 0);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&to), length) != 0)
        return {kindOf(errno), {}};
    if (size != 0 && !keepWhole(socket.get(), address.family()))
        return {Pinged::Kind::TooLarge, {}};
    const QByteArray request = requestOf(address.family(), size);
    QElapsedTimer timer;
    for (int i = 0; i < kTries; ++i) {
        timer.start();
        if (::send(socket.get(), request.constData(), std::size_t(request.size()), 0) < 0) {
            if (const Pinged::Kind kind = kindOf(errno); kind != Pinged::Kind::Silent)
                return {kind, {}};
        }
        if (waitForAnswer(socket.get(), request, kPause))
            return {Pinged::Kind::Answered, std::chrono::microseconds(timer.nsecsElapsed() / 1000)};
    }
    return {};
}

} // namespace sallyport::cli
