// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/secret_memfd.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <unistd.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error failure(const char *step)
{
    return Error{Errc::Internal,
        u"The key could not be handed over: "_s + QLatin1StringView(step) + u": "_s + qt_error_string(errno), {}};
}

bool writeKey(int descriptor, const SecretKey &key)
{
    std::array<char, 44> text;
    key.toBase64(text);
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    sodium_memzero(text.data(), text.size());
    return written == static_cast<ssize_t>(text.size());
}

} // namespace

Result<QDBusUnixFileDescriptor> sealedMemfd(const SecretKey &key)
{
    const int descriptor = ::memfd_create("sallyport-key", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0)
        return failure("memfd_create");
    QDBusUnixFileDescriptor owner;
    owner.giveFileDescriptor(descriptor);
    if (!writeKey(descriptor, key))
        return failure("write");
    if (::lseek(descriptor, 0, SEEK_SET) < 0)
        return failure("lseek");
    if (::fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
        return failure("F_ADD_SEALS");
    return owner;
}

} // namespace sallyport
