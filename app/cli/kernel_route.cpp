// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/kernel_route.h"

#include "app/descriptor.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

struct Question {
    nlmsghdr header{};
    rtmsg route{};
    rtattr destinationHead{};
    std::array<quint8, 16> destination{};
};

/// The kernel's own limit of an answer to one question; an answer about one route has some 200 bytes.
using Answer = std::array<char, 8192>;

Question questionAbout(const IpAddress &address)
{
    Question question;
    const auto size = quint32(address.size());
    question.header.nlmsg_len = quint32(offsetof(Question, destination)) + size;
    question.header.nlmsg_type = RTM_GETROUTE;
    question.header.nlmsg_flags = NLM_F_REQUEST;
    question.route.rtm_family = address.family() == Family::IPv4 ? AF_INET : AF_INET6;
    question.route.rtm_dst_len = address.bitLength();
    question.route.rtm_flags = RTM_F_LOOKUP_TABLE; // which table it was, not only "main"
    question.destinationHead = {quint16(RTA_LENGTH(size)), RTA_DST};
    std::ranges::copy(address.bytes(), question.destination.begin());
    return question;
}

RouteFact refused(int number)
{
    RouteFact fact;
    fact.obstacle = qt_error_string(number);
    return fact;
}

/// The errno that the kernel gives for a route of this kind.
int errnoOf(quint8 type)
{
    switch (type) {
    case RTN_PROHIBIT:
        return EACCES;
    case RTN_BLACKHOLE:
        return EINVAL;
    default:
        return EHOSTUNREACH;
    }
}

void nameInterface(RouteFact &fact, quint32 index)
{
    std::array<char, IF_NAMESIZE> name{};
    if (!if_indextoname(index, name.data()))
        return;
    fact.interface = QString::fromLocal8Bit(name.data());
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::memcpy(request.ifr_name, name.data(), sizeof request.ifr_name);
    if (socket && ::ioctl(socket.get(), SIOCGIFMTU, &request) == 0)
        fact.mtu = quint32(request.ifr_mtu);
}

std::optional<quint32> number(std::span<const char> value)
{
    quint32 read = 0;
    if (value.size() != sizeof read)
        return std::nullopt;
    std::memcpy(&read, value.data(), sizeof read);
    return read;
}

std::optional<IpAddress> addressIn(std::span<const char> value)
{
    if (value.size() != 4 && value.size() != 16)
        return std::nullopt;
    const auto *bytes = reinterpret_cast<const quint8 *>(value.data());
    return IpAddress::fromBytes(value.size() == 4 ? Family::IPv4 : Family::IPv6, {bytes, value.size()});
}

void takeAttribute(RouteFact &fact, int type, std::span<const char> value)
{
    if (type == RTA_TABLE)
        fact.table = number(value).value_or(fact.table);
    else if (type == RTA_OIF)
        nameInterface(fact, number(value).value_or(0));
    else if (type == RTA_GATEWAY)
        fact.gateway = addressIn(value);
    else if (type == RTA_VIA && value.size() > sizeof(rtvia)) // an IPv6 router of an IPv4 route
        fact.gateway = addressIn(value.subspan(sizeof(rtvia)));
}

/// `message` begins with an rtmsg and has been received whole.
RouteFact readRoute(std::span<const char> message)
{
    rtmsg route{};
    std::memcpy(&route, message.data(), sizeof route);
    if (route.rtm_type != RTN_UNICAST && route.rtm_type != RTN_LOCAL)
        return refused(errnoOf(route.rtm_type));
    RouteFact fact;
    fact.kind = route.rtm_type == RTN_LOCAL ? RouteFact::Kind::OwnAddress : RouteFact::Kind::Sent;
    fact.table = route.rtm_table;
    std::span<const char> rest = message.subspan(NLMSG_ALIGN(sizeof route));
    while (rest.size() >= sizeof(rtattr)) {
        rtattr head{};
        std::memcpy(&head, rest.data(), sizeof head);
        if (head.rta_len < sizeof head || head.rta_len > rest.size())
            break;
        takeAttribute(fact, head.rta_type, rest.subspan(sizeof head, head.rta_len - sizeof head));
        rest = rest.subspan(std::min<std::size_t>(RTA_ALIGN(head.rta_len), rest.size()));
    }
    return fact;
}

RouteFact readAnswer(std::span<const char> answer)
{
    nlmsghdr header{};
    if (answer.size() < sizeof header)
        return refused(EPROTO);
    std::memcpy(&header, answer.data(), sizeof header);
    if (header.nlmsg_len > answer.size() || header.nlmsg_len < NLMSG_LENGTH(sizeof(rtmsg)))
        return refused(EPROTO);
    const std::span<const char> payload = answer.subspan(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN);
    if (header.nlmsg_type == RTM_NEWROUTE)
        return readRoute(payload);
    nlmsgerr error{};
    if (header.nlmsg_type != NLMSG_ERROR || payload.size() < sizeof error)
        return refused(EPROTO);
    std::memcpy(&error, payload.data(), sizeof error);
    return refused(-error.error);
}

} // namespace

RouteFact routeTo(const IpAddress &address)
{
    const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const timeval second{1, 0};
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) != 0)
        return refused(errno);
    const Question question = questionAbout(address);
    if (::send(socket.get(), &question, question.header.nlmsg_len, 0) < 0)
        return refused(errno);
    Answer answer{};
    const ssize_t size = ::recv(socket.get(), answer.data(), answer.size(), 0);
    if (size < 0)
        return refused(errno);
    return readAnswer({answer.data(), std::size_t(size)});
}

} // namespace sallyport::cli
