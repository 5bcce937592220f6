// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/message.h"
#include "helper/kernel/system_error.h"

#include <chrono>
#include <functional>
#include <netlink/socket.h>
#include <vector>

namespace sallyport::netlink {

using NlSocket = std::unique_ptr<nl_sock, Deleter<nl_socket_free>>;
static_assert(sizeof(NlSocket) == sizeof(void *));

inline constexpr std::chrono::milliseconds kRequestLimit{1000};
/// Making a link may load a module, deleting it waits for RCU, and a WireGuard message may bring a hundred peers.
inline constexpr std::chrono::milliseconds kLinkLimit{5000};
inline constexpr std::chrono::milliseconds kDumpLimit{5000};

/// One netlink socket on which requests are sent one by one, each waiting for its answer. Sent is not applied: an
/// answer without errors is the kernel's acknowledgement. After a timeout the socket is replaced, so that a late
/// answer can never be taken for the answer to a later request. Not thread-safe. Belongs to the network namespace of
/// the thread that sends first. All received bytes are wiped after they were visited.
class Socket {
public:
    using Visit = std::function<void(const nlmsghdr *)>;

    explicit Socket(int protocol) : m_protocol(protocol) {}

    /// A change: NLM_F_ACK is added.
    Answer change(Message &request, std::chrono::milliseconds limit = kRequestLimit);
    /// A change of nftables, as a transaction of its own.
    Answer changeInTransaction(Message &request);
    /// A question with one answer, followed by the acknowledgement.
    Answer ask(Message &request, const Visit &visit);
    /// NLM_F_DUMP is added. A dump that was torn by a concurrent change is asked for again; `restart` is called before
    /// each attempt and forgets what was visited so far. EAGAIN after too many attempts.
    Answer dump(Message &request, const std::function<void()> &restart, const Visit &visit);

    /// Our address, as it appears in notifications about our own changes; 0 before the first request.
    quint32 port() const;

private:
    Answer open();
    Answer transact(Message &request, const Visit &visit, std::chrono::milliseconds limit);
    Answer send(Message &request);
    Answer sendBytes(std::span<const quint8> bytes);
    Answer receive(const Visit &visit, std::chrono::milliseconds limit);
    /// The answer, once it is complete.
    std::optional<Answer> readDatagram(std::span<quint8> datagram, const Visit &visit);
    Answer lost(int errorNumber);

    int m_protocol;
    quint32 m_sequence = 0;
    bool m_torn = false;
    NlSocket m_socket;
    std::vector<quint8> m_buffer;
};

/// The reading side of a dump: `parse` gives an optional value per message.
template<class T, class Parse>
Result<std::vector<T>> collect(Socket &socket, Message &request, const QString &what, const Parse &parse)
{
    std::vector<T> values;
    const Answer answer = socket.dump(
        request, [&] { values.clear(); },
        [&](const nlmsghdr *message) {
            if (std::optional<T> value = parse(message))
                values.push_back(std::move(*value));
        });
    if (Result<Done> done = answer.toResult(what); !done)
        return done.error();
    return values;
}

} // namespace sallyport::netlink
