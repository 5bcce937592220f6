// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/tray/tray_hosts.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QGuiApplication>

#include <cstdlib>
#include <memory>
#ifdef SALLYPORT_XEMBED
#include <xcb/xcb.h>
#endif

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString &watcherName()
{
    static const QString name = u"org.kde.StatusNotifierWatcher"_s;
    return name;
}

const QString &watcherPath()
{
    static const QString path = u"/StatusNotifierWatcher"_s;
    return path;
}

#ifdef SALLYPORT_XEMBED
template<class T>
using Reply = std::unique_ptr<T, decltype(&std::free)>;

/// freedesktop.org "System Tray Protocol": the owner of the selection _NET_SYSTEM_TRAY_Sn docks icons.
bool hasXembedTray()
{
    auto *x11 = qApp->nativeInterface<QNativeInterface::QX11Application>();
    if (!x11 || !x11->connection())
        return false;
    static constexpr char kSelection[] = "_NET_SYSTEM_TRAY_S0";
    xcb_connection_t *connection = x11->connection();
    const Reply<xcb_intern_atom_reply_t> atom(
        xcb_intern_atom_reply(connection, xcb_intern_atom(connection, 1, sizeof kSelection - 1, kSelection), nullptr),
        &std::free);
    if (!atom || atom->atom == XCB_ATOM_NONE)
        return false;
    const Reply<xcb_get_selection_owner_reply_t> owner(
        xcb_get_selection_owner_reply(connection, xcb_get_selection_owner(connection, atom->atom), nullptr),
        &std::free);
    return owner && owner->owner != XCB_WINDOW_NONE;
}
#else
bool hasXembedTray()
{
    return false;
}
#endif

} // namespace

TrayHosts::TrayHosts(const QDBusConnection &session, QObject *parent) : QObject(parent), m_session(session) {}

void TrayHosts::start()
{
    auto *watcher = new QDBusServiceWatcher(watcherName(), m_session, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this, &TrayHosts::look);
    for (const QString &event : {u"StatusNotifierHostRegistered"_s, u"StatusNotifierHostUnregistered"_s})
        m_session.connect(watcherName(), watcherPath(), watcherName(), event, this, SLOT(look()));
    look();
}

void TrayHosts::look()
{
    if (!m_session.isConnected())
        return found(false);
    QDBusMessage get
        = QDBusMessage::createMethodCall(watcherName(), watcherPath(), u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    get << watcherName() << u"IsStatusNotifierHostRegistered"_s;
    get.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(m_session.asyncCall(get, 5000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        found(reply.isValid() && reply.value().variant().toBool());
    });
}

void TrayHosts::found(bool statusNotifierHost)
{
    m_isPresent = statusNotifierHost || hasXembedTray();
    Q_EMIT looked(m_isPresent);
}

} // namespace sallyport
