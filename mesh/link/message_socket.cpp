// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/link/message_socket.h"

#include "core/meshlink/codec.h"

#include <cerrno>
#include <cstring>
#include <sodium.h>
#include <sys/socket.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kLongestQueue = 256;
constexpr int kMostAtOnce = 64; ///< so that timers and other sockets get their turn in a flood

QString reasonOf(int errorNumber)
{
    return QString::fromLocal8Bit(strerror(errorNumber));
}

} // namespace

Result<std::unique_ptr<MessageSocket>> MessageSocket::over(FileHandle socket)
{
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_SEQPACKET)
        return Error{Errc::HelperUnavailable, u"What the helper gave is no socket for messages."_s, {}};
    return std::unique_ptr<MessageSocket>(new MessageSocket(std::move(socket)));
}

MessageSocket::MessageSocket(FileHandle socket) : m_socket(std::move(socket)), m_buffer(meshlink::kLargestMessage)
{
    m_readable = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Read);
    connect(m_readable.get(), &QSocketNotifier::activated, this, &MessageSocket::read);
    m_writable = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Write);
    m_writable->setEnabled(false);
    connect(m_writable.get(), &QSocketNotifier::activated, this, &MessageSocket::write);
}

void MessageSocket::send(const meshlink::ToHelper &message)
{
    if (!m_socket)
        return;
    const bool isProbe = std::holds_alternative<meshlink::SendProbe>(message);
    const QByteArray bytes = meshlink::encode(message);
    const Sent sent = m_waiting.empty() ? sendNow(bytes) : Sent::Later;
    if (sent != Sent::Later || isProbe)
        return;
    if (m_waiting.size() >= kLongestQueue)
        return close(u"the helper takes no messages"_s);
    m_waiting.push_back(bytes);
    m_writable->setEnabled(true);
}

MessageSocket::Sent MessageSocket::sendNow(const QByteArray &bytes)
{
    ssize_t size = -1;
    do {
        size = ::send(m_socket.get(), bytes.constData(), std::size_t(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (size < 0 && errno == EINTR);
    if (size >= 0)
        return Sent::Yes;
    // What is wrong besides is noticed when reading.
    return errno == EAGAIN || errno == ENOBUFS ? Sent::Later : Sent::Never;
}

void MessageSocket::write()
{
    while (!m_waiting.empty() && sendNow(m_waiting.front()) != Sent::Later)
        m_waiting.pop_front();
    m_writable->setEnabled(!m_waiting.empty());
}

void MessageSocket::read()
{
    for (int count = 0; count < kMostAtOnce && m_socket; ++count) {
        const ssize_t size = recv(m_socket.get(), m_buffer.data(), m_buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && errno == EAGAIN)
            return;
        if (size < 0)
            return close(reasonOf(errno));
        if (size == 0)
            return close(u"the helper has ended"_s);
        if (std::size_t(size) > m_buffer.size())
            return close(u"a message is too large"_s);
        const auto message = meshlink::decodeToMesh(std::span(m_buffer).first(std::size_t(size)));
        sodium_memzero(m_buffer.data(), std::size_t(size)); // it may have been a key
        if (!message)
            return close(u"%1 (%2)"_s.arg(message.error().detail, message.error().place));
        Q_EMIT received(*message);
    }
}

void MessageSocket::close(const QString &reason)
{
    if (!m_socket)
        return;
    m_readable->setEnabled(false);
    m_writable->setEnabled(false);
    m_waiting.clear();
    m_socket.reset();
    Q_EMIT closed(reason);
}

} // namespace sallyport::mesh
