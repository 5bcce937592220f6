// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/mesh_link.h"

#include <QDBusAbstractAdaptor>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusUnixFileDescriptor>

#include <sys/types.h>

namespace sallyport::probe {

/// The interface org.sallyport.HelperMesh1 (resources/dbus) of the helper's object: lets meshd's user and root in, by the
/// credentials that the bus took when the caller connected.
class MeshDoor : public QDBusAbstractAdaptor {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.sallyport.HelperMesh1")
    Q_CLASSINFO("D-Bus Introspection",
        "  <interface name=\"org.sallyport.HelperMesh1\">\n"
        "    <method name=\"AttachMesh\">\n"
        "      <arg name=\"socket\" type=\"h\" direction=\"out\"/>\n"
        "    </method>\n"
        "  </interface>\n")

public:
    /// `offered` is what stands on the bus. Without a user only root may come in.
    MeshDoor(MeshLink &link, std::optional<uid_t> user, const QDBusConnection &bus, QObject *offered);

public Q_SLOTS:
    QDBusUnixFileDescriptor AttachMesh(const QDBusMessage &call);

private:
    void answer(const QDBusMessage &call, uid_t caller);
    void refuse(const QDBusMessage &call, const Error &error);

    MeshLink &m_link;
    std::optional<uid_t> m_user;
    QDBusConnection m_bus;
};

/// The number of a user of this machine; none: there is no such user.
std::optional<uid_t> userNamed(const QString &name);

} // namespace sallyport::probe
