// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/closed_socket.h"

#include "helper/kernel/system_error.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

Result<Done> lockFilter(const FileHandle &socket, std::span<const sock_filter> filter)
{
    // The kernel only reads it.
    const sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter *>(filter.data())};
    const int on = 1;
    if (setsockopt(socket.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0
        || setsockopt(socket.get(), SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on) != 0)
        return systemError(u"Closing a socket to what arrives"_s, errno);
    return Done{};
}

Result<FileHandle> sendingSocket(int family, int protocol)
{
    FileHandle socket(::socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
    if (!socket)
        return systemError(u"Opening a raw socket"_s, errno);
    constexpr std::array<sock_filter, 1> kNothing = {{BPF_STMT(BPF_RET | BPF_K, 0)}};
    if (Result<Done> locked = lockFilter(socket, kNothing); !locked)
        return locked.error();
    return socket;
}

} // namespace sallyport::probe
