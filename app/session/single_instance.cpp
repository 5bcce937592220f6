// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/single_instance.h"

#include "app/session/application_object.h"

#include <QDBusConnectionInterface>
#include <QDBusPendingCallWatcher>
#include <QLocalSocket>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 5000;
constexpr qsizetype kLongestToken = 4096;

const QString &applicationName()
{
    static const QString name = u"org.sallyport.Sallyport"_s;
    return name;
}

const QString &applicationPath()
{
    static const QString path = u"/org/sallyport/Sallyport"_s;
    return path;
}

} // namespace

SingleInstance::SingleInstance(const QDBusConnection &session, const QString &folder, QObject *parent)
    : QObject(parent), m_session(session), m_folder(folder), m_lock(folder + u'/' + applicationName() + u".lock"_s)
{
    m_lock.setStaleLockTime(0); // a running application keeps it for days; a dead one is recognised by its process
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::readToken);
}

bool SingleInstance::claim()
{
    return m_session.isConnected() ? claimName() : claimLock();
}

/// The object is there before the name is, so that whoever sees the name can call it.
bool SingleInstance::claimName()
{
    auto *object = new ApplicationObject(this);
    connect(object, &ApplicationObject::activated, this, &SingleInstance::raiseRequested);
    m_session.registerObject(applicationPath(), object, QDBusConnection::ExportAllSlots);
    const auto reply = m_session.interface()->registerService(
        applicationName(), QDBusConnectionInterface::DontQueueService, QDBusConnectionInterface::DontAllowReplacement);
    return reply.isValid() && reply.value() == QDBusConnectionInterface::ServiceRegistered;
}

bool SingleInstance::claimLock()
{
    if (!m_lock.tryLock(0))
        return m_lock.error() != QLockFile::LockFailedError; // nowhere to write: rather two than none
    const QString socket = m_folder + u'/' + applicationName() + u".socket"_s;
    QLocalServer::removeServer(socket); // left behind by one that died: the lock is ours
    m_server.listen(socket);
    return true;
}

void SingleInstance::raiseFirst(const QString &token)
{
    m_session.isConnected() ? raiseByBus(token) : raiseBySocket(token);
}

void SingleInstance::raiseByBus(const QString &token)
{
    QDBusMessage activate = QDBusMessage::createMethodCall(
        applicationName(), applicationPath(), u"org.freedesktop.Application"_s, u"Activate"_s);
    QVariantMap platformData;
    if (!token.isEmpty())
        platformData = {{u"activation-token"_s, token}, {u"desktop-startup-id"_s, token}};
    activate << platformData;
    auto *watcher = new QDBusPendingCallWatcher(m_session.asyncCall(activate, kPatienceMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        Q_EMIT finished(!watcher->isError());
    });
}

void SingleInstance::raiseBySocket(const QString &token)
{
    auto *socket = new QLocalSocket(this);
    connect(socket, &QLocalSocket::errorOccurred, this, [this](QLocalSocket::LocalSocketError error) {
        if (error != QLocalSocket::PeerClosedError)
            Q_EMIT finished(false);
    });
    connect(socket, &QLocalSocket::connected, this, [socket, token] {
        socket->write(token.toUtf8() + '\n');
        socket->flush();
    });
    connect(socket, &QLocalSocket::disconnected, this, [this] { Q_EMIT finished(true); });
    socket->connectToServer(m_folder + u'/' + applicationName() + u".socket"_s);
}

/// One line, the token; then we hang up, which is the answer.
void SingleInstance::readToken()
{
    QLocalSocket *socket = m_server.nextPendingConnection();
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    const auto read = [this, socket] {
        if (!socket->canReadLine() && socket->bytesAvailable() < kLongestToken)
            return;
        const QString token = QString::fromUtf8(socket->readLine(kLongestToken)).trimmed();
        socket->disconnectFromServer();
        Q_EMIT raiseRequested(token);
    };
    connect(socket, &QLocalSocket::readyRead, this, read);
    read();
}

} // namespace sallyport
