// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/socket.h"

#include "helper/kernel/netlink/attributes.h"

#include <QtEndian>

#include <cerrno>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/errno.h>
#include <poll.h>
#include <sodium.h>
#include <sys/socket.h>

namespace sallyport::netlink {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kDumpAttempts = 5;
/// The kernel fills dumps in pieces of at most 32 KiB when the reader offers that much.
constexpr std::size_t kReceiveRoom = 64 * 1024;

/// NLMSGERR_ATTR_MSG among the attributes behind the error, if the kernel sent any.
QString explanationIn(const nlmsghdr *message, std::size_t fixedSize)
{
    QString explanation;
    const Bytes payload = payloadOf(message);
    if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0 || payload.size() < fixedSize)
        return explanation;
    visitAttributes(payload.subspan(fixedSize), [&](int type, Bytes value) {
        if (type == NLMSGERR_ATTR_MSG)
            explanation = textOf(value);
    });
    return explanation;
}

Answer answerIn(const nlmsghdr *message)
{
    const auto error = fixedHeader<int>(payloadOf(message));
    if (message->nlmsg_type == NLMSG_DONE)
        return {error.value_or(0) < 0 ? -*error : 0, explanationIn(message, sizeof(int))};
    if (!error)
        return {EBADMSG, {}};
    // NETLINK_CAP_ACK is set, so only the header of our request is echoed.
    return {-*error, explanationIn(message, sizeof(nlmsgerr))};
}

int remaining(Clock::time_point deadline)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

void enable(int descriptor, int option)
{
    const int on = 1;
    // Old kernels lack some of them: then errors carry no words and dumps are filtered by us alone.
    (void)setsockopt(descriptor, SOL_NETLINK, option, &on, sizeof on);
}

} // namespace

Answer Socket::open()
{
    if (m_socket)
        return {};
    m_socket.reset(nl_socket_alloc());
    if (!m_socket)
        return {ENOMEM, {}};
    errno = 0;
    if (nl_connect(m_socket.get(), m_protocol) < 0)
        return lost(errno != 0 ? errno : EPROTONOSUPPORT);
    const int descriptor = nl_socket_get_fd(m_socket.get());
    enable(descriptor, NETLINK_EXT_ACK);
    enable(descriptor, NETLINK_CAP_ACK);
    enable(descriptor, NETLINK_GET_STRICT_CHK);
    m_buffer.resize(kReceiveRoom);
    return {};
}

Answer Socket::lost(int errorNumber)
{
    m_socket.reset();
    return {errorNumber, {}};
}

quint32 Socket::port() const
{
    return m_socket ? nl_socket_get_local_port(m_socket.get()) : 0;
}

Answer Socket::change(Message &request, std::chrono::milliseconds limit)
{
    request.header()->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
    return transact(request, {}, limit);
}

/// The whole transaction is one datagram: an empty message before and after the change. All three have one number, since
/// whichever is refused ends it.
Answer Socket::changeInTransaction(Message &request)
{
    if (const Answer opened = open(); !opened)
        return opened;
    request.header()->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
    Message begin(NFNL_MSG_BATCH_BEGIN, NLM_F_REQUEST);
    Message end(NFNL_MSG_BATCH_END, NLM_F_REQUEST);
    std::vector<quint8> datagram;
    ++m_sequence;
    for (Message *part : {&begin, &request, &end}) {
        if (part != &request)
            part->append(nfgenmsg{AF_UNSPEC, NFNETLINK_V0, qToBigEndian<quint16>(NFNL_SUBSYS_NFTABLES)});
        if (!part->isComplete())
            return {EMSGSIZE, {}};
        part->header()->nlmsg_seq = m_sequence;
        const std::span<const quint8> bytes = part->bytes();
        datagram.insert(datagram.end(), bytes.begin(), bytes.end());
        datagram.resize(NLMSG_ALIGN(datagram.size()));
    }
    if (const Answer sent = sendBytes(datagram); !sent)
        return sent;
    return receive({}, kRequestLimit);
}

Answer Socket::ask(Message &request, const Visit &visit)
{
    request.header()->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
    return transact(request, visit, kRequestLimit);
}

Answer Socket::dump(Message &request, const std::function<void()> &restart, const Visit &visit)
{
    request.header()->nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP;
    for (int attempt = 0; attempt < kDumpAttempts; ++attempt) {
        restart();
        m_torn = false;
        const Answer answer = transact(request, visit, kDumpLimit);
        if (!answer || !m_torn)
            return answer;
    }
    return {EAGAIN, QStringLiteral("changed while it was read")};
}

Answer Socket::transact(Message &request, const Visit &visit, std::chrono::milliseconds limit)
{
    if (!request.isComplete())
        return {EMSGSIZE, {}};
    if (const Answer opened = open(); !opened)
        return opened;
    if (const Answer sent = send(request); !sent)
        return sent;
    return receive(visit, limit);
}

Answer Socket::send(Message &request)
{
    request.header()->nlmsg_seq = ++m_sequence;
    request.header()->nlmsg_pid = 0;
    return sendBytes(request.bytes());
}

Answer Socket::sendBytes(std::span<const quint8> bytes)
{
    sockaddr_nl kernel{};
    kernel.nl_family = AF_NETLINK;
    ssize_t sent = -1;
    do {
        sent = sendto(nl_socket_get_fd(m_socket.get()), bytes.data(), bytes.size(), MSG_NOSIGNAL,
            reinterpret_cast<const sockaddr *>(&kernel), sizeof kernel);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? lost(errno) : Answer{};
}

Answer Socket::receive(const Visit &visit, std::chrono::milliseconds limit)
{
    const Clock::time_point deadline = Clock::now() + limit;
    const int descriptor = nl_socket_get_fd(m_socket.get());
    for (;;) {
        sockaddr_nl sender{};
        socklen_t length = sizeof sender;
        const ssize_t size = recvfrom(descriptor, m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC,
            reinterpret_cast<sockaddr *>(&sender), &length);
        if (size < 0 && errno == EAGAIN) {
            pollfd waiting{descriptor, POLLIN, 0};
            if (poll(&waiting, 1, remaining(deadline)) == 0)
                return lost(ETIMEDOUT);
            continue;
        }
        if (size < 0 && errno != EINTR)
            return lost(errno);
        if (size < 0 || sender.nl_pid != 0) // only the kernel answers
            continue;
        if (static_cast<std::size_t>(size) > m_buffer.size())
            return lost(EMSGSIZE);
        if (std::optional<Answer> answer
            = readDatagram(std::span(m_buffer).first(static_cast<std::size_t>(size)), visit))
            return *answer;
    }
}

std::optional<Answer> Socket::readDatagram(std::span<quint8> datagram, const Visit &visit)
{
    std::optional<Answer> answer;
    int size = static_cast<int>(datagram.size());
    for (auto *message = reinterpret_cast<nlmsghdr *>(datagram.data()); !answer && nlmsg_ok(message, size);
         message = nlmsg_next(message, &size)) {
        if (message->nlmsg_seq != m_sequence)
            continue;
        m_torn = m_torn || (message->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
        if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE)
            answer = answerIn(message);
        else if (visit)
            visit(message);
    }
    sodium_memzero(datagram.data(), datagram.size());
    return answer;
}

} // namespace sallyport::netlink
