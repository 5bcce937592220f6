// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/link/helper_link.h"

#include "core/constants.h"
#include "mesh/clock.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusUnixFileDescriptor>

#include <cstdio>
#include <fcntl.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kFirstPatience = 250ms;
constexpr std::chrono::milliseconds kLongestPatience = 5min;
constexpr auto kReplyLimit = 5s;
/// A socket that lasted so long was a good one: the next try comes soon again.
constexpr auto kProven = 10s;

/// The error says there is none of that name: it is waited for, not asked again.
bool isAbsence(const QDBusMessage &reply)
{
    return reply.errorName() == u"org.freedesktop.DBus.Error.ServiceUnknown"_s
        || reply.errorName() == u"org.freedesktop.DBus.Error.NameHasNoOwner"_s;
}

FileHandle socketIn(const QDBusMessage &reply)
{
    const QList<QVariant> arguments = reply.arguments();
    if (reply.type() != QDBusMessage::ReplyMessage || arguments.size() != 1)
        return {};
    const auto descriptor = arguments.first().value<QDBusUnixFileDescriptor>();
    return descriptor.isValid() ? FileHandle(fcntl(descriptor.fileDescriptor(), F_DUPFD_CLOEXEC, 0)) : FileHandle();
}

} // namespace

HelperLink::HelperLink(QDBusConnection bus, QObject *parent)
    : QObject(parent), m_bus(std::move(bus)),
      m_owner(QString::fromLatin1(kBusName), m_bus, QDBusServiceWatcher::WatchForOwnerChange),
      m_patience(kFirstPatience)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &HelperLink::attach);
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        m_pending.expire(bootTime());
        armLimit();
    });
    connect(&m_owner, &QDBusServiceWatcher::serviceOwnerChanged, this, &HelperLink::ownerChanged);
}

void HelperLink::start()
{
    m_hasOwner = true;
    attach();
}

void HelperLink::ownerChanged(const QString &, const QString &, const QString &newOwner)
{
    m_hasOwner = !newOwner.isEmpty();
    m_patience = kFirstPatience;
    // Asked while an older helper was dying: its answer, if any, comes before this.
    if (m_hasOwner)
        attach();
}

void HelperLink::attach()
{
    if (m_socket || m_isAsking)
        return;
    m_retry.stop();
    m_isAsking = true;
    QDBusMessage call = QDBusMessage::createMethodCall(QString::fromLatin1(kBusName), QString::fromLatin1(kObjectPath),
        QString::fromLatin1(kHelperMeshInterface), u"AttachMesh"_s);
    call.setAutoStartService(false);
    auto *watcher
        = new QDBusPendingCallWatcher(m_bus.asyncCall(call, int(std::chrono::milliseconds(kReplyLimit).count())), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        m_isAsking = false;
        take(watcher->reply());
    });
}

void HelperLink::take(const QDBusMessage &reply)
{
    FileHandle descriptor = socketIn(reply);
    if (!descriptor) {
        if (isAbsence(reply))
            m_hasOwner = false;
        else
            std::fprintf(
                stderr, "sallyport-meshd: The helper gives no socket: %s\n", qUtf8Printable(reply.errorMessage()));
        return attachAgain();
    }
    auto socket = MessageSocket::over(std::move(descriptor));
    if (!socket) {
        std::fprintf(stderr, "sallyport-meshd: %s\n", qUtf8Printable(socket.error().detail));
        return attachAgain();
    }
    m_socket = std::move(*socket);
    m_since = bootTime();
    connect(m_socket.get(), &MessageSocket::received, this, &HelperLink::taken);
    connect(m_socket.get(), &MessageSocket::closed, this, &HelperLink::drop);
    Q_EMIT attached();
}

/// Twice as late each time; not at all without a helper, who will be heard of.
void HelperLink::attachAgain()
{
    if (!m_hasOwner)
        return;
    m_retry.start(m_patience);
    m_patience = std::min(m_patience * 2, kLongestPatience);
}

void HelperLink::taken(const meshlink::ToMesh &message)
{
    if (!m_pending.take(message))
        Q_EMIT heard(message);
    armLimit();
}

void HelperLink::drop(const QString &reason)
{
    std::fprintf(stderr, "sallyport-meshd: The helper's socket is closed: %s\n", qUtf8Printable(reason));
    // Not deleted here: it is in the middle of telling this.
    m_socket.release()->deleteLater();
    if (bootTime() - m_since >= kProven)
        m_patience = kFirstPatience;
    m_pending.giveUp();
    armLimit();
    Q_EMIT lost();
    attachAgain();
}

void HelperLink::tell(const meshlink::ToHelper &message)
{
    if (m_socket)
        m_socket->send(message);
}

quint32 HelperLink::expect(std::chrono::milliseconds limit, PendingRequests::Settle settle)
{
    const quint32 request = m_pending.add(m_socket ? bootTime() + limit : bootTime(), std::move(settle));
    armLimit();
    return request;
}

void HelperLink::armLimit()
{
    const auto first = m_pending.firstLimit();
    if (!first)
        return m_limit.stop();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*first - bootTime());
    m_limit.start(std::max(left, 0ms));
}

} // namespace sallyport::mesh
