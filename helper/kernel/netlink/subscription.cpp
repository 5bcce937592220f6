// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/subscription.h"

#include <cerrno>
#include <netlink/msg.h>
#include <sys/socket.h>

namespace sallyport::netlink {

namespace {

constexpr std::size_t kReceiveRoom = std::size_t(64) * 1024;

void visitAll(std::span<quint8> datagram, const Subscription::Visit &visit)
{
    int size = static_cast<int>(datagram.size());
    for (auto *message = reinterpret_cast<nlmsghdr *>(datagram.data()); nlmsg_ok(message, size);
         message = nlmsg_next(message, &size))
        visit(message);
}

} // namespace

Answer Subscription::open(int protocol, const std::vector<int> &groups, int room)
{
    m_notifier.reset();
    m_socket.reset(nl_socket_alloc());
    if (!m_socket)
        return {ENOMEM, {}};
    errno = 0;
    const auto refused = [] { return Answer{errno != 0 ? errno : EPROTONOSUPPORT, {}}; };
    if (nl_connect(m_socket.get(), protocol) < 0 || nl_socket_set_nonblocking(m_socket.get()) < 0)
        return refused();
    for (const int group : groups) {
        if (nl_socket_add_membership(m_socket.get(), group) < 0)
            return refused();
    }
    // Without the right to it the usual room has to do; what is lost is noticed then.
    if (room > 0)
        (void)setsockopt(nl_socket_get_fd(m_socket.get()), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    m_buffer.resize(kReceiveRoom);
    m_notifier = std::make_unique<QSocketNotifier>(nl_socket_get_fd(m_socket.get()), QSocketNotifier::Read);
    return {};
}

bool Subscription::drain(const Visit &visit)
{
    bool isComplete = true;
    for (;;) {
        const ssize_t size
            = recv(nl_socket_get_fd(m_socket.get()), m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno == EAGAIN)
            return isComplete;
        if (size >= 0 && static_cast<std::size_t>(size) <= m_buffer.size()) {
            visitAll(std::span(m_buffer).first(static_cast<std::size_t>(size)), visit);
            continue;
        }
        isComplete = false; // ENOBUFS, or larger than anything that the kernel sends
        if (size < 0 && errno != ENOBUFS)
            return false;
    }
}

} // namespace sallyport::netlink
