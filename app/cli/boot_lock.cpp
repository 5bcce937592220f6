// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/boot_lock.h"

#include "app/descriptor.h"
#include "core/constants.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

Error refused(const char *what, int errnoValue)
{
    return {Errc::StorageFailed,
        u"%1 in %2 (%3)"_s.arg(QLatin1StringView(what), QLatin1StringView(kStateFolder), qt_error_string(errnoValue)),
        {}};
}

Descriptor openFolder()
{
    return Descriptor(::open(kStateFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

} // namespace

Result<bool> removeBootGuard()
{
    const Descriptor folder = openFolder();
    if (folder && ::unlinkat(folder.get(), kBootGuardFile, 0) == 0) {
        ::fsync(folder.get());
        return true;
    }
    return errno == ENOENT ? Result<bool>(false)
                           : Result<bool>(refused("the guard of the next boot cannot be removed", errno));
}

Result<bool> askNextHelperToUnlock()
{
    const Descriptor folder = openFolder();
    if (!folder)
        return errno == ENOENT ? Result<bool>(false)
                               : Result<bool>(refused("no word can be left for the helper", errno));
    const Descriptor word(
        ::openat(folder.get(), kUnlockedFile, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!word || ::fsync(word.get()) != 0 || ::fsync(folder.get()) != 0)
        return refused("no word can be left for the helper", errno);
    return true;
}

} // namespace sallyport::cli
