// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/ipc/service_manager.h"

#include "core/handle.h"

#include <QString>

#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

namespace sallyport {

ServiceManager ServiceManager::fromEnvironment()
{
    ServiceManager manager;
    const QByteArray socket = qgetenv("NOTIFY_SOCKET");
    if ((socket.startsWith('/') || socket.startsWith('@')) && socket.size() < qsizetype(sizeof sockaddr_un{}.sun_path))
        manager.m_socket = socket;
    return manager;
}

void ServiceManager::tell(const QByteArray &lines) const
{
    if (m_socket.isEmpty())
        return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, m_socket.constData(), std::size_t(m_socket.size()));
    if (m_socket.startsWith('@'))
        address.sun_path[0] = '\0';
    const auto size = socklen_t(offsetof(sockaddr_un, sun_path) + std::size_t(m_socket.size()));
    // Not blocking: a manager that does not read would stop the very loop that is reported on.
    const FileHandle socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sendto(socket.get(), lines.constData(), std::size_t(lines.size()), MSG_NOSIGNAL,
        reinterpret_cast<const sockaddr *>(&address), size);
}

std::optional<std::chrono::microseconds> ServiceManager::patience() const
{
    bool isNumber = false;
    const auto limit = std::chrono::microseconds(qEnvironmentVariable("WATCHDOG_USEC").toLongLong(&isNumber));
    const QString process = qEnvironmentVariable("WATCHDOG_PID");
    const bool isForUs = process.isEmpty() || process.toLongLong() == getpid();
    if (m_socket.isEmpty() || !isNumber || limit.count() <= 0 || !isForUs)
        return {};
    return limit;
}

} // namespace sallyport
