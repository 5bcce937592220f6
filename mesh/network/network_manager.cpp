// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/network_manager.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <algorithm>
#include <set>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;

namespace {

constexpr uint kPortal
    = 2; ///< NMConnectivityState. "Limited" is what a network without internet is, and ours under the guard
constexpr std::size_t kMostDevices = 256;

const QString &service()
{
    static const QString name = u"org.freedesktop.NetworkManager"_s;
    return name;
}

QString managerPath()
{
    return u"/org/freedesktop/NetworkManager"_s;
}

QString deviceInterface()
{
    return u"org.freedesktop.NetworkManager.Device"_s;
}

/// NMMetered: yes, or guessed so.
bool meansMetered(uint value)
{
    return value == 1 || value == 3;
}

} // namespace

NetworkManagerWatch::NetworkManagerWatch(QDBusConnection bus, QObject *parent)
    : QObject(parent), m_bus(std::move(bus)), m_owner(service(), m_bus, QDBusServiceWatcher::WatchForOwnerChange)
{
    connect(&m_owner, &QDBusServiceWatcher::serviceOwnerChanged, this,
        [this](const QString &, const QString &, const QString &owner) {
            forgetAll();
            if (!owner.isEmpty())
                start();
        });
    // By the first argument: the strength of every antenna in reach changes all the time.
    for (const QString &interface : {service(), deviceInterface()}) {
        m_bus.connect(service(), {}, u"org.freedesktop.DBus.Properties"_s, u"PropertiesChanged"_s, {interface},
            u"sa{sv}as"_s, this, SLOT(propertiesChanged(QDBusMessage)));
    }
}

void NetworkManagerWatch::start()
{
    ask(managerPath(), service(), &NetworkManagerWatch::takeManager);
}

void NetworkManagerWatch::ask(const QString &path, const QString &interface,
    void (NetworkManagerWatch::*take)(const QString &, const QVariantMap &))
{
    QDBusMessage call
        = QDBusMessage::createMethodCall(service(), path, u"org.freedesktop.DBus.Properties"_s, u"GetAll"_s);
    call << interface;
    call.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, path, take] {
        watcher->deleteLater();
        const QDBusPendingReply<QVariantMap> reply = *watcher;
        if (!reply.isError())
            (this->*take)(path, reply.value());
    });
}

void NetworkManagerWatch::propertiesChanged(const QDBusMessage &message)
{
    const QVariantMap changed = qdbus_cast<QVariantMap>(message.arguments().value(1));
    const bool isManager = message.path() == managerPath();
    for (const QString &name :
        isManager ? QStringList{u"Connectivity"_s, u"Devices"_s} : QStringList{u"Metered"_s, u"Interface"_s}) {
        if (!changed.contains(name))
            continue;
        if (isManager)
            start();
        else
            ask(message.path(), deviceInterface(), &NetworkManagerWatch::takeDevice);
        return;
    }
}

void NetworkManagerWatch::takeManager(const QString &, const QVariantMap &properties)
{
    setPortal(properties.value(u"Connectivity"_s).toUInt() == kPortal);
    const auto paths = qdbus_cast<QList<QDBusObjectPath>>(properties.value(u"Devices"_s));
    std::set<QString> there;
    for (const QDBusObjectPath &path : paths)
        there.insert(path.path());
    std::erase_if(m_devices, [&](const auto &entry) { return !there.contains(entry.first); });
    tellMetered();
    for (const QString &path : there) {
        if (!m_devices.contains(path) && m_devices.size() < kMostDevices) {
            m_devices[path] = {};
            ask(path, deviceInterface(), &NetworkManagerWatch::takeDevice);
        }
    }
}

void NetworkManagerWatch::takeDevice(const QString &path, const QVariantMap &properties)
{
    const auto found = m_devices.find(path);
    if (found == m_devices.end())
        return;
    found->second
        = {properties.value(u"Interface"_s).toString(), meansMetered(properties.value(u"Metered"_s).toUInt())};
    tellMetered();
}

void NetworkManagerWatch::forgetAll()
{
    m_devices.clear();
    tellMetered();
    setPortal(false);
}

void NetworkManagerWatch::tellMetered()
{
    QStringList metered;
    for (const auto &[path, device] : m_devices) {
        if (device.isMetered && !device.interface.isEmpty())
            metered.append(device.interface);
    }
    metered.sort();
    if (metered == m_metered)
        return;
    m_metered = metered;
    Q_EMIT meteredChanged(m_metered);
}

void NetworkManagerWatch::setPortal(bool isPortal)
{
    if (isPortal != std::exchange(m_isPortal, isPortal))
        Q_EMIT portalChanged(isPortal);
}

} // namespace sallyport::mesh
