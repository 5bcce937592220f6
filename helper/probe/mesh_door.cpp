// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/mesh_door.h"

#include "core/wire/error_names.h"

#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <array>
#include <pwd.h>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

MeshDoor::MeshDoor(MeshLink &link, std::optional<uid_t> user, const QDBusConnection &bus, QObject *offered)
    : QDBusAbstractAdaptor(offered), m_link(link), m_user(user), m_bus(bus)
{
}

QDBusUnixFileDescriptor MeshDoor::AttachMesh(const QDBusMessage &call)
{
    call.setDelayedReply(true);
    QDBusMessage question = QDBusMessage::createMethodCall(
        u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus"_s, u"GetConnectionUnixUser"_s);
    question << call.service();
    auto *asked = new QDBusPendingCallWatcher(m_bus.asyncCall(question), this);
    connect(asked, &QDBusPendingCallWatcher::finished, this, [this, call](QDBusPendingCallWatcher *finished) {
        finished->deleteLater();
        const QDBusPendingReply<uint> user = *finished;
        if (user.isError()) // it has left meanwhile
            return refuse(call, {Errc::NotAuthorized, u"Who asks cannot be found out."_s, {}});
        answer(call, user.value());
    });
    return {};
}

void MeshDoor::answer(const QDBusMessage &call, uid_t caller)
{
    if (caller != 0 && m_user != caller)
        return refuse(call, {Errc::NotAuthorized, u"Only the mesh service of Sallyport may attach itself."_s, {}});
    const auto end = m_link.attach();
    if (!end)
        return refuse(call, end.error());
    m_bus.send(call.createReply(QVariant::fromValue(QDBusUnixFileDescriptor(end->get()))));
}

void MeshDoor::refuse(const QDBusMessage &call, const Error &error)
{
    m_bus.send(call.createErrorReply(dbusName(error.code), error.detail));
}

std::optional<uid_t> userNamed(const QString &name)
{
    std::array<char, 16384> room{};
    passwd entry{};
    passwd *found = nullptr;
    if (getpwnam_r(name.toUtf8().constData(), &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
        return std::nullopt;
    return found->pw_uid;
}

} // namespace sallyport::probe
