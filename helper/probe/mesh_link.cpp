// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/mesh_link.h"

#include "core/meshlink/codec.h"
#include "helper/kernel/system_error.h"

#include <QLoggingCategory>

#include <array>
#include <cerrno>
#include <sodium.h>
#include <sys/socket.h>
#include <utility>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcMesh, "sallyport.mesh")

/// Twice what all limits together let through (200 probes, 20 moves, 10 readings a second and some lists).
constexpr int kMessagesPerSecond = 500;
constexpr int kMessagesAtOnce = 1000;
constexpr int kAtOnce = 64; ///< then others get their turn
constexpr int kQueueRoom = 1024 * 1024; ///< for a message of the largest size and some hundred probes

void wipe(QByteArray &bytes)
{
    sodium_memzero(bytes.data(), static_cast<std::size_t>(bytes.size()));
}

} // namespace

MeshLink::MeshLink(QObject *parent) : QObject(parent), m_patience(kMessagesPerSecond, kMessagesAtOnce)
{
    m_buffer.resize(static_cast<qsizetype>(meshlink::kLargestMessage));
}

MeshLink::~MeshLink()
{
    for (QByteArray &message : m_waiting)
        wipe(message);
}

Result<FileHandle> MeshLink::attach()
{
    std::array<int, 2> ends{-1, -1};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return systemError(u"Making a pair of sockets"_s, errno);
    FileHandle ours(ends[0]);
    FileHandle theirs(ends[1]);
    // Without the right to it the usual room has to do: fewer probes fit.
    (void)setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kQueueRoom, sizeof kQueueRoom);
    detach();
    m_socket = std::move(ours);
    m_patience = TokenBucket(kMessagesPerSecond, kMessagesAtOnce);
    listen();
    Q_EMIT attached();
    return theirs;
}

void MeshLink::listen()
{
    m_readable = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Read);
    m_writable = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Write);
    m_writable->setEnabled(false);
    connect(m_readable.get(), &QSocketNotifier::activated, this, &MeshLink::read);
    connect(m_writable.get(), &QSocketNotifier::activated, this, &MeshLink::flush);
}

void MeshLink::detach()
{
    if (!m_socket)
        return;
    // This may be called by a notifier's own signal.
    for (auto *notifier : {&m_readable, &m_writable}) {
        (*notifier)->setEnabled(false);
        (*notifier).release()->deleteLater();
    }
    m_socket.reset();
    m_hasChanged = true;
    for (QByteArray &message : m_waiting)
        wipe(message);
    m_waiting.clear();
    Q_EMIT detached();
}

void MeshLink::letGo(const QString &reason)
{
    qCWarning(lcMesh, "meshd is let go of: %s", qUtf8Printable(reason));
    detach();
}

MeshLink::Sent MeshLink::put(const QByteArray &message)
{
    ssize_t sent = -1;
    do {
        sent = ::send(
            m_socket.get(), message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return Sent::Done;
    return errno == EAGAIN || errno == ENOBUFS ? Sent::Later : Sent::Failed;
}

void MeshLink::offer(const meshlink::ToMesh &message)
{
    if (m_socket && m_waiting.empty())
        (void)put(meshlink::encode(message));
}

void MeshLink::send(const meshlink::ToMesh &message)
{
    if (!m_socket)
        return;
    m_waiting.push_back(meshlink::encode(message));
    if (m_waiting.size() == 1)
        flush();
}

void MeshLink::flush()
{
    while (m_socket && !m_waiting.empty()) {
        const Sent sent = put(m_waiting.front());
        if (sent == Sent::Failed)
            return detach();
        if (sent == Sent::Later)
            return holdUp(true);
        wipe(m_waiting.front());
        m_waiting.pop_front();
    }
    if (!m_socket || !m_writable->isEnabled())
        return;
    holdUp(false);
    Q_EMIT cleared();
}

/// While meshd does not read, it has nothing to ask either.
void MeshLink::holdUp(bool waits)
{
    m_writable->setEnabled(waits);
    m_readable->setEnabled(!waits);
}

void MeshLink::read()
{
    m_hasChanged = false;
    for (int i = 0; i < kAtOnce && readOne(); ++i) {
        if (m_hasChanged || !m_waiting.empty())
            return;
    }
}

bool MeshLink::readOne()
{
    const ssize_t size
        = recv(m_socket.get(), m_buffer.data(), static_cast<std::size_t>(m_buffer.size()), MSG_DONTWAIT | MSG_TRUNC);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (size <= 0) {
        detach();
        return false;
    }
    if (!m_patience.take()) {
        letGo(u"it sends more than it has reason to."_s);
        return false;
    }
    const auto length = static_cast<std::size_t>(std::min<ssize_t>(size, m_buffer.size()));
    const auto message = meshlink::decodeToHelper({reinterpret_cast<const quint8 *>(m_buffer.constData()), length});
    if (size > m_buffer.size() || !message) {
        letGo(u"what it sends is no message (%1)."_s.arg(message ? u"too long"_s : message.error().place));
        return false;
    }
    Q_EMIT received(*message);
    return true;
}

} // namespace sallyport::probe
