// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/fake_mesh_helper.h"

#include "core/constants.h"
#include "core/meshlink/codec.h"

#include <array>
#include <sys/socket.h>

namespace sallyport::test {

FakeMeshHelper::FakeMeshHelper(const PrivateBus &bus) : m_caller(bus, kRoot)
{
    m_caller.bus().registerObject(QString::fromLatin1(kObjectPath), this, QDBusConnection::ExportAllSlots);
}

void FakeMeshHelper::appear()
{
    if (!m_caller.bus().registerService(QString::fromLatin1(kBusName)))
        qFatal("the helper's name cannot be had");
}

void FakeMeshHelper::disappear()
{
    m_caller.bus().unregisterService(QString::fromLatin1(kBusName));
    m_end.reset();
}

QDBusUnixFileDescriptor FakeMeshHelper::AttachMesh()
{
    ++attempts;
    if (refuses) {
        sendErrorReply(QStringLiteral("org.sallyport.Error.NotAuthorized"), QStringLiteral("Not you."));
        return {};
    }
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        qFatal("no socket pair");
    m_end = FileHandle(ends[0]);
    const FileHandle theirs(ends[1]);
    return QDBusUnixFileDescriptor(theirs.get()); // a copy
}

void FakeMeshHelper::tell(const meshlink::ToMesh &message)
{
    tellBytes(meshlink::encode(message));
}

void FakeMeshHelper::tellBytes(const QByteArray &bytes)
{
    send(m_end.get(), bytes.constData(), std::size_t(bytes.size()), MSG_NOSIGNAL);
}

std::optional<meshlink::ToHelper> FakeMeshHelper::hear()
{
    QByteArray room(qsizetype(meshlink::kLargestMessage), '\0');
    const ssize_t size = recv(m_end.get(), room.data(), std::size_t(room.size()), MSG_DONTWAIT);
    if (size <= 0)
        return {};
    const auto message
        = meshlink::decodeToHelper({reinterpret_cast<const quint8 *>(room.constData()), std::size_t(size)});
    if (!message)
        qFatal("meshd says what nobody understands: %s", qPrintable(message.error().detail));
    return *message;
}

} // namespace sallyport::test
