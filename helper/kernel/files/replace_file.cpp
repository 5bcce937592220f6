// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/files/replace_file.h"

#include "helper/kernel/handle.h"
#include "helper/kernel/system_error.h"

#include <QFileInfo>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error storageError(const QString &path, int errorNumber)
{
    return systemError(u"Writing "_s + path, errorNumber, {}, Errc::StorageFailed);
}

/// 0 or an errno.
int writeAll(int descriptor, const QByteArray &content)
{
    qsizetype done = 0;
    while (done < content.size()) {
        const ssize_t size = write(descriptor, content.constData() + done, static_cast<std::size_t>(content.size() - done));
        if (size < 0 && errno != EINTR)
            return errno;
        done += std::max<ssize_t>(size, 0);
    }
    return fsync(descriptor) == 0 ? 0 : errno;
}

void copyLabel(int from, int to)
{
    constexpr char kLabel[] = "security.selinux";
    std::array<char, 256> label{};
    const ssize_t size = fgetxattr(from, kLabel, label.data(), label.size());
    if (size > 0)
        (void)fsetxattr(to, kLabel, label.data(), static_cast<std::size_t>(size), 0);
}

/// 0 or an errno. Owner and mode as those of the file that will be replaced.
int dressLike(const QByteArray &path, int temporary, mode_t mode)
{
    const FileHandle original(open(path.constData(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!original || fstat(original.get(), &status) != 0)
        return fchmod(temporary, mode) == 0 ? 0 : errno;
    copyLabel(original.get(), temporary);
    if (fchown(temporary, status.st_uid, status.st_gid) != 0 || fchmod(temporary, status.st_mode & 07777) != 0)
        return errno;
    return 0;
}

void syncFolder(const QByteArray &folder)
{
    const FileHandle handle(open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (handle)
        (void)fsync(handle.get());
}

/// 0 or an errno; nothing is left behind then.
int replaceByRename(const QByteArray &path, const QByteArray &content, mode_t mode)
{
    const QByteArray folder = QFileInfo(QString::fromUtf8(path)).path().toUtf8();
    QByteArray temporary = folder + "/.sallyport-XXXXXX";
    const FileHandle file(mkostemp(temporary.data(), O_CLOEXEC));
    if (!file)
        return errno;
    int error = dressLike(path, file.get(), mode);
    if (error == 0)
        error = writeAll(file.get(), content);
    if (error == 0 && rename(temporary.constData(), path.constData()) != 0)
        error = errno;
    if (error != 0)
        (void)unlink(temporary.constData());
    else
        syncFolder(folder);
    return error;
}

/// 0 or an errno. Truncates last, so that a crash leaves at worst a mixture and never an empty file.
int rewriteInPlace(const QByteArray &path, const QByteArray &content)
{
    const FileHandle file(open(path.constData(), O_WRONLY | O_CLOEXEC));
    if (!file)
        return errno;
    if (const int error = writeAll(file.get(), content); error != 0)
        return error;
    return ftruncate(file.get(), content.size()) == 0 && fsync(file.get()) == 0 ? 0 : errno;
}

bool meansFixedPlace(int errorNumber)
{
    return errorNumber == EBUSY || errorNumber == EXDEV || errorNumber == EROFS || errorNumber == EACCES
        || errorNumber == EPERM;
}

} // namespace

Result<QByteArray> contentOf(const QString &path, qsizetype limit)
{
    const QString what = u"Reading "_s + path;
    const FileHandle file(open(path.toUtf8().constData(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return errno == ENOENT ? Result<QByteArray>(QByteArray())
                               : Result<QByteArray>(systemError(what, errno, {}, Errc::StorageFailed));
    QByteArray content;
    std::array<char, 16384> piece{};
    for (;;) {
        const ssize_t size = read(file.get(), piece.data(), piece.size());
        if (size == 0)
            return content;
        if (size < 0 && errno != EINTR)
            return systemError(what, errno, {}, Errc::StorageFailed);
        content.append(piece.data(), std::max<ssize_t>(size, 0));
        if (content.size() > limit)
            return systemError(what, EFBIG, {}, Errc::StorageFailed);
    }
}

Result<Done> replaceFile(const QString &path, const QByteArray &content, mode_t mode)
{
    const QString target = QFileInfo(path).canonicalFilePath();
    const QByteArray native = (target.isEmpty() ? path : target).toUtf8();
    int error = replaceByRename(native, content, mode);
    if (meansFixedPlace(error) && !target.isEmpty())
        error = rewriteInPlace(native, content);
    if (error != 0)
        return storageError(path, error);
    return Done{};
}

} // namespace sallyport
