// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QDBusServiceWatcher>
#include <QObject>
#include <QStringList>

#include <map>

namespace sallyport::mesh {

/// What NetworkManager knows about networks that the kernel does not: which cost money, and whether a portal is in the
/// way. Where there is none, nothing is and nothing does.
class NetworkManagerWatch : public QObject {
    Q_OBJECT

public:
    explicit NetworkManagerWatch(QDBusConnection bus, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void portalChanged(bool isPortal);
    /// Names of interfaces, sorted.
    void meteredChanged(const QStringList &interfaces);

private Q_SLOTS:
    void propertiesChanged(const QDBusMessage &message);

private:
    struct Device {
        QString interface;
        bool isMetered = false;
    };
    void ask(const QString &path, const QString &interface,
        void (NetworkManagerWatch::*take)(const QString &, const QVariantMap &));
    void takeManager(const QString &path, const QVariantMap &properties);
    void takeDevice(const QString &path, const QVariantMap &properties);
    void forgetAll();
    void tellMetered();
    void setPortal(bool isPortal);

    QDBusConnection m_bus;
    QDBusServiceWatcher m_owner;
    std::map<QString, Device> m_devices; ///< by path
    QStringList m_metered;
    bool m_isPortal = false;
};

} // namespace sallyport::mesh
