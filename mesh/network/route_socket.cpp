// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/route_socket.h"

#include <cerrno>
#include <cstring>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kRoom = 64 * 1024; ///< more than the kernel puts into one datagram of a dump
constexpr int kAttempts = 5;
constexpr timeval kPatience{.tv_sec = 1, .tv_usec = 0}; ///< the kernel answers at once; this is for a bug

struct Request {
    nlmsghdr header;
    union {
        ifinfomsg link;
        ifaddrmsg address;
        rtmsg route;
        ndmsg neighbour;
    };
};

std::size_t bodySizeOf(quint16 kind)
{
    switch (kind) {
    case RTM_GETADDR:
        return sizeof(ifaddrmsg);
    case RTM_GETROUTE:
        return sizeof(rtmsg);
    case RTM_GETNEIGH:
        return sizeof(ndmsg);
    default:
        return sizeof(ifinfomsg);
    }
}

} // namespace

Error systemError(const QString &what)
{
    return {Errc::KernelRefused, u"%1: %2."_s.arg(what, QString::fromLocal8Bit(strerror(errno))), {}};
}

void visitMessages(std::span<const quint8> datagram, const RouteQuestions::Visit &visit)
{
    while (datagram.size() >= sizeof(nlmsghdr)) {
        // The kernel aligns messages, and the buffer is aligned.
        const auto *message = reinterpret_cast<const nlmsghdr *>(datagram.data());
        if (message->nlmsg_len < sizeof(nlmsghdr) || message->nlmsg_len > datagram.size())
            return;
        visit(*message);
        datagram = datagram.subspan(std::min<std::size_t>(datagram.size(), NLMSG_ALIGN(message->nlmsg_len)));
    }
}

Result<Done> RouteQuestions::open()
{
    if (m_socket)
        return Done{};
    FileHandle socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0)
        return systemError(u"Asking for the networks"_s);
    // Strict: the kernel filters routes by table, of which there may be a million in others.
    const int on = 1;
    setsockopt(socket.get(), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on);
    m_socket = std::move(socket);
    m_buffer.resize(kRoom);
    return Done{};
}

bool RouteQuestions::send(Question question)
{
    Request request{};
    const std::size_t size = NLMSG_LENGTH(bodySizeOf(question.kind));
    request.header = {.nlmsg_len = quint32(size),
        .nlmsg_type = question.kind,
        .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
        .nlmsg_seq = ++m_sequence,
        .nlmsg_pid = 0};
    // The first byte of each of them.
    request.link.ifi_family = question.family;
    if (question.kind == RTM_GETROUTE)
        request.route.rtm_table = RT_TABLE_MAIN;
    return ::send(m_socket.get(), &request, size, MSG_NOSIGNAL) == ssize_t(size);
}

RouteQuestions::Outcome RouteQuestions::receive(const Visit &visit)
{
    bool isTorn = false;
    for (;;) {
        const ssize_t size = recv(m_socket.get(), m_buffer.data(), m_buffer.size(), MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0 || std::size_t(size) > m_buffer.size())
            return Outcome::Lost;
        bool isDone = false;
        bool isRefused = false;
        visitMessages(std::span(m_buffer).first(std::size_t(size)), [&](const nlmsghdr &message) {
            if (message.nlmsg_seq != m_sequence)
                return;
            isTorn = isTorn || (message.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
            isDone = isDone || message.nlmsg_type == NLMSG_DONE;
            isRefused = isRefused || message.nlmsg_type == NLMSG_ERROR;
            if (message.nlmsg_type >= NLMSG_MIN_TYPE)
                visit(message);
        });
        if (isRefused)
            return Outcome::Lost;
        if (isDone)
            return isTorn ? Outcome::Torn : Outcome::Complete;
    }
}

Result<Done> RouteQuestions::dump(Question question, const std::function<void()> &restart, const Visit &visit)
{
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        restart();
        if (Result<Done> opened = open(); !opened)
            return opened;
        const Outcome outcome = send(question) ? receive(visit) : Outcome::Lost;
        if (outcome == Outcome::Complete)
            return Done{};
        // A late answer must never be taken for that to a later question.
        if (outcome == Outcome::Lost)
            m_socket.reset();
    }
    return systemError(u"Asking for the networks"_s);
}

} // namespace sallyport::mesh
