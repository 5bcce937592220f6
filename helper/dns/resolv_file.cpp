// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolv_file.h"

#include "helper/dns/resolv_text.h"
#include "helper/files/atomic_file.h"
#include "helper/files/replace_file.h"
#include "helper/handle.h"
#include "helper/kernel/system_error.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::dns {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t kDefaultMode = 0644;
constexpr char kTemporaryLink[] = ".new-sallyL";

Result<Done> outcome(const QString &path, int errorNumber)
{
    if (errorNumber == 0)
        return Done{};
    return systemError(u"Writing "_s + path, errorNumber, {}, Errc::StorageFailed);
}

std::span<const char> bytesOf(const QByteArray &content)
{
    return {content.constData(), static_cast<std::size_t>(content.size())};
}

bool meansFixedPlace(int errorNumber)
{
    return errorNumber == EBUSY || errorNumber == EXDEV || errorNumber == EROFS || errorNumber == EACCES
        || errorNumber == EPERM;
}

/// 0 or an errno.
int replaceByRename(const QByteArray &path, const QByteArray &content, const Original &look)
{
    AtomicFile file;
    // Only root's own files can be given to their owner without further privileges.
    const bool likeBefore = look.kind == Original::Kind::File && look.owner == ::geteuid();
    const mode_t mode = look.kind == Original::Kind::File ? look.mode : kDefaultMode;
    const int error = file.write(path, bytesOf(content), {mode, likeBefore});
    return error == 0 ? file.place(true) : error;
}

/// What stands in a file after a crash has to tell whether it was ours.
enum class Cut {
    Last, ///< our text, perhaps with the end of what was there
    First, ///< the beginning of our text, or the whole of what was there
};

/// 0 or an errno.
int rewriteInPlace(const QByteArray &path, const QByteArray &content, Cut cut)
{
    const FileHandle file(::open(path.constData(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0)
        return errno;
    const off_t size = content.size();
    if (cut == Cut::First && ::ftruncate(file.get(), std::min<off_t>(size, status.st_size)) != 0)
        return errno;
    if (const int error = writeAll(file.get(), bytesOf(content)); error != 0)
        return error;
    return ::ftruncate(file.get(), size) == 0 && ::fsync(file.get()) == 0 ? 0 : errno;
}

/// 0 or an errno.
int write(const QByteArray &path, const QByteArray &content, const Original &look, Cut cut)
{
    const int error = replaceByRename(path, content, look);
    const bool isFile = look.kind == Original::Kind::File;
    return isFile && meansFixedPlace(error) ? rewriteInPlace(path, content, cut) : error;
}

/// What a crash in the middle of rewriteInPlace() leaves of ours.
bool isCutShort(const QByteArray &content, const Original &original)
{
    return original.kind == Original::Kind::File && !content.isEmpty() && content.size() == original.content.size()
        && content != original.content && header().startsWith(content);
}

/// 0 or an errno.
int placeLink(const QByteArray &path, const QByteArray &target)
{
    const QByteArray temporary = path + kTemporaryLink;
    if (::unlink(temporary.constData()) != 0 && errno != ENOENT)
        return errno;
    if (::symlink(target.constData(), temporary.constData()) != 0)
        return errno;
    if (::rename(temporary.constData(), path.constData()) == 0)
        return syncFolderOf(path);
    const int error = errno;
    ::unlink(temporary.constData());
    return error;
}

} // namespace

Result<QByteArray> ResolvFile::ours() const
{
    const Result<Original> present = originalAt(m_path);
    if (!present)
        return present.error();
    const bool isFile = present->kind == Original::Kind::File;
    if (isFile && isOurs(present->content))
        return present->content;
    if (!isFile || !header().startsWith(present->content))
        return QByteArray();
    const auto before = m_backup.load();
    return before && *before && isCutShort(present->content, **before) ? present->content : QByteArray();
}

Result<Done> ResolvFile::put(const QByteArray &text) const
{
    const Result<Original> present = originalAt(m_path);
    const Result<QByteArray> already = ours();
    if (!present || !already)
        return present ? already.error() : present.error();
    if (*already == text)
        return Done{};
    if (already->isEmpty()) {
        if (auto saved = m_backup.save(*present); !saved)
            return saved;
    }
    return outcome(m_path, write(m_path.toUtf8(), text, *present, Cut::Last));
}

Result<Done> ResolvFile::restore() const
{
    const Result<QByteArray> already = ours();
    if (!already)
        return already.error();
    if (already->isEmpty())
        return Done{};
    const auto before = m_backup.load();
    if (!before)
        return before.error();
    if (*before)
        return putBack(**before);
    if (auto gone = putBack(Original()); !gone)
        return gone;
    return Error{Errc::StorageFailed,
        u"What %1 was before is not known any more; start the program anew that manages the network."_s.arg(m_path),
        {}};
}

void ResolvFile::sweep() const
{
    removeLeftovers(m_path);
    removeLeftovers(m_backupPath);
    ::unlink((m_path.toUtf8() + kTemporaryLink).constData()); // may lead nowhere, and is no file then
}

Result<Done> ResolvFile::putBack(const Original &original) const
{
    const QByteArray path = m_path.toUtf8();
    switch (original.kind) {
    case Original::Kind::Missing:
        return removeFile(m_path);
    case Original::Kind::Link:
        return outcome(m_path, placeLink(path, original.content));
    case Original::Kind::File:
        break;
    }
    if (const int error = write(path, original.content, original, Cut::First); error != 0)
        return outcome(m_path, error);
    // A file of somebody else's goes back to its owner where we are allowed to.
    if (original.owner != ::geteuid()) [[maybe_unused]]
        const int ignored = ::lchown(path.constData(), original.owner, original.group);
    return Done{};
}

} // namespace sallyport::dns
