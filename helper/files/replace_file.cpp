// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/files/replace_file.h"

#include "helper/files/atomic_file.h"
#include "helper/handle.h"
#include "helper/kernel/system_error.h"

#include <QFileInfo>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error storageError(const QString &path, int errorNumber)
{
    return systemError(u"Writing "_s + path, errorNumber, {}, Errc::StorageFailed);
}

std::span<const char> bytesOf(const QByteArray &content)
{
    return {content.constData(), static_cast<std::size_t>(content.size())};
}

/// 0 or an errno; nothing is left behind then.
int replaceByRename(const QByteArray &path, const QByteArray &content, mode_t mode)
{
    AtomicFile file;
    const int error = file.write(path, bytesOf(content), {mode, true});
    return error == 0 ? file.place(true) : error;
}

/// 0 or an errno. Truncates last, so that a crash leaves at worst a mixture and never an empty file.
int rewriteInPlace(const QByteArray &path, const QByteArray &content)
{
    const FileHandle file(open(path.constData(), O_WRONLY | O_CLOEXEC));
    if (!file)
        return errno;
    if (const int error = writeAll(file.get(), bytesOf(content)); error != 0)
        return error;
    return ftruncate(file.get(), content.size()) == 0 && fsync(file.get()) == 0 ? 0 : errno;
}

/// Where a symbolic link leads to.
QString targetOf(const QString &path)
{
    const QString target = QFileInfo(path).canonicalFilePath();
    return target.isEmpty() ? path : target;
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
    const QString target = targetOf(path);
    const QByteArray native = target.toUtf8();
    int error = replaceByRename(native, content, mode);
    if (meansFixedPlace(error) && QFileInfo::exists(target))
        error = rewriteInPlace(native, content);
    if (error != 0)
        return storageError(path, error);
    return Done{};
}

void sweepBeside(const QString &path)
{
    removeLeftovers(targetOf(path));
}

Result<Done> removeFile(const QString &path)
{
    const QByteArray native = path.toUtf8();
    const int error = unlink(native.constData()) == 0 ? syncFolderOf(native) : errno;
    return error == 0 || error == ENOENT ? Result<Done>(Done{}) : Result<Done>(storageError(path, error));
}

} // namespace sallyport
