// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/callers.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace sallyport {

using namespace Qt::StringLiterals;

Callers::Callers(const QDBusConnection &bus, std::size_t limit, QObject *parent)
    : QObject(parent), m_bus(bus), m_limit(limit)
{
    m_watcher.setConnection(bus);
    m_watcher.setWatchMode(QDBusServiceWatcher::WatchForUnregistration);
    connect(&m_watcher, &QDBusServiceWatcher::serviceUnregistered, this, &Callers::leave);
}

bool Callers::add(const QString &name)
{
    if (m_names.contains(name))
        return true;
    if (m_names.size() >= m_limit)
        return false;
    m_names.insert(name);
    m_watcher.addWatchedService(name);
    askFor(name);
    return true;
}

void Callers::remove(const QString &name)
{
    if (m_names.erase(name) > 0)
        m_watcher.removeWatchedService(name);
}

/// Asked after the match rule is there, on the same connection: whoever leaves later is reported by the watcher.
void Callers::askFor(const QString &name)
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus"_s, u"GetNameOwner"_s);
    call << name;
    auto *asked = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(asked, &QDBusPendingCallWatcher::finished, this, [this, name](QDBusPendingCallWatcher *finished) {
        finished->deleteLater();
        const QDBusPendingReply<QString> owner = *finished;
        if (owner.isError() && owner.error().name() == u"org.freedesktop.DBus.Error.NameHasNoOwner"_s)
            leave(name);
    });
}

void Callers::leave(const QString &name)
{
    if (!m_names.contains(name))
        return;
    remove(name);
    Q_EMIT left(name);
}

} // namespace sallyport
