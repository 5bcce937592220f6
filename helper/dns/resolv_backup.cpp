// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolv_backup.h"

#include "helper/files/atomic_file.h"
#include "helper/files/replace_file.h"
#include "helper/kernel/system_error.h"

#include <QByteArrayList>

#include <cerrno>
#include <climits>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::dns {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLimit = 1024 * 1024;
constexpr char kMagic[] = "sallyport-resolv-1";
constexpr mode_t kPermissions = 07777;

QByteArray wordFor(Original::Kind kind)
{
    switch (kind) {
    case Original::Kind::Missing:
        return "missing";
    case Original::Kind::File:
        return "file";
    case Original::Kind::Link:
        return "link";
    }
    Q_UNREACHABLE();
}

std::optional<Original::Kind> kindOf(const QByteArray &word)
{
    for (const auto kind : {Original::Kind::Missing, Original::Kind::File, Original::Kind::Link}) {
        if (word == wordFor(kind))
            return kind;
    }
    return std::nullopt;
}

Error unreadable(const QString &path, int errorNumber)
{
    return systemError(u"Reading "_s + path, errorNumber, {}, Errc::StorageFailed);
}

Result<Original> linkAt(const QString &path)
{
    QByteArray target(PATH_MAX, '\0');
    const ssize_t size = ::readlink(path.toUtf8().constData(), target.data(), std::size_t(target.size()));
    if (size < 0)
        return unreadable(path, errno);
    target.truncate(size);
    return Original{Original::Kind::Link, target, 0, 0, 0};
}

} // namespace

Result<Original> originalAt(const QString &path)
{
    struct stat status {};
    if (::lstat(path.toUtf8().constData(), &status) != 0)
        return errno == ENOENT ? Result<Original>(Original()) : Result<Original>(unreadable(path, errno));
    if (S_ISLNK(status.st_mode))
        return linkAt(path);
    if (!S_ISREG(status.st_mode))
        return Error{Errc::StorageFailed, u"%1 is neither a file nor a link."_s.arg(path), {}};
    const Result<QByteArray> content = contentOf(path, kLimit);
    if (!content)
        return content.error();
    return Original{Original::Kind::File, *content, status.st_mode & kPermissions, status.st_uid, status.st_gid};
}

Result<Done> Backup::save(const Original &original) const
{
    const QByteArrayList words = {kMagic, wordFor(original.kind), QByteArray::number(uint(original.mode), 8),
        QByteArray::number(original.owner), QByteArray::number(original.group)};
    const QByteArray text = words.join(' ') + '\n' + original.content;
    auto file = AtomicFile::prepare(m_file, {text.constData(), std::size_t(text.size())});
    return file ? file->commit(true) : Result<Done>(file.error());
}

Result<std::optional<Original>> Backup::load() const
{
    const Result<QByteArray> text = contentOf(m_file, kLimit + 1024);
    if (!text)
        return text.error();
    const qsizetype end = text->indexOf('\n');
    const QByteArrayList words = text->left(end).split(' ');
    const auto kind = words.size() == 5 && words[0] == kMagic ? kindOf(words[1]) : std::nullopt;
    if (end < 0 || !kind)
        return std::optional<Original>();
    const mode_t mode = words[2].toUInt(nullptr, 8) & kPermissions;
    return std::optional(Original{*kind, text->mid(end + 1), mode, words[3].toUInt(), words[4].toUInt()});
}

} // namespace sallyport::dns
