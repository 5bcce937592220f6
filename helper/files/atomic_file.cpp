// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/files/atomic_file.h"

#include "helper/kernel/system_error.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// Our name in it, for some of the folders are not ours. mkostemp puts letters and digits in place of X.
constexpr char kSuffix[] = ".sallyport-XXXXXX";

Error storageError(const QString &path, int number)
{
    return systemError(path, number, {}, Errc::StorageFailed);
}

ssize_t retried(auto call)
{
    ssize_t result = -1;
    do {
        result = call();
    } while (result < 0 && errno == EINTR);
    return result;
}

void copyLabel(int from, int to)
{
    constexpr char kLabel[] = "security.selinux";
    std::array<char, 256> label{};
    const ssize_t size = ::fgetxattr(from, kLabel, label.data(), label.size());
    if (size > 0)
        (void)::fsetxattr(to, kLabel, label.data(), static_cast<std::size_t>(size), 0);
}

/// 0 or an errno.
int dress(int temporary, const QByteArray &path, const FileLook &look)
{
    const FileHandle original(look.likeBefore ? ::open(path.constData(), O_RDONLY | O_CLOEXEC) : -1);
    struct stat status = {};
    if (!original || ::fstat(original.get(), &status) != 0)
        return ::fchmod(temporary, look.mode) == 0 ? 0 : errno;
    copyLabel(original.get(), temporary);
    // A confined helper may give files away to nobody, and hardly ever has to.
    struct stat own = {};
    const bool belongs = ::fstat(temporary, &own) == 0 && own.st_uid == status.st_uid && own.st_gid == status.st_gid;
    if (!belongs && ::fchown(temporary, status.st_uid, status.st_gid) != 0)
        return errno;
    if (::fchmod(temporary, status.st_mode & 07777) != 0)
        return errno;
    return 0;
}

} // namespace

int syncFolderOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    const QByteArray name = slash < 0 ? QByteArray(".") : path.left(std::max<qsizetype>(slash, 1));
    const FileHandle folder(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return folder && ::fsync(folder.get()) == 0 ? 0 : errno;
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : m_path(std::move(other.m_path)), m_temporary(std::exchange(other.m_temporary, {})),
      m_file(std::move(other.m_file))
{
}

AtomicFile &AtomicFile::operator=(AtomicFile &&other) noexcept
{
    if (this != &other) {
        drop();
        m_path = std::move(other.m_path);
        m_temporary = std::exchange(other.m_temporary, {});
        m_file = std::move(other.m_file);
    }
    return *this;
}

AtomicFile::~AtomicFile()
{
    drop();
}

void AtomicFile::drop() noexcept
{
    m_file.reset();
    if (!m_temporary.isEmpty())
        ::unlink(m_temporary.constData());
    m_temporary.clear();
}

int AtomicFile::write(const QByteArray &path, std::span<const char> content, const FileLook &look)
{
    drop();
    m_path = path;
    QByteArray temporary = path + kSuffix;
    m_file = FileHandle(::mkostemp(temporary.data(), O_CLOEXEC)); // creates it with mode 0600
    if (!m_file)
        return errno;
    m_temporary = temporary;
    if (const int error = dress(m_file.get(), path, look); error != 0)
        return error;
    return writeAll(m_file.get(), content);
}

int AtomicFile::place(bool durable)
{
    if (durable && retried([&] { return ::fsync(m_file.get()); }) < 0)
        return errno;
    if (::rename(m_temporary.constData(), m_path.constData()) < 0)
        return errno;
    m_temporary.clear();
    drop();
    return durable ? syncFolderOf(m_path) : 0;
}

Result<AtomicFile> AtomicFile::prepare(const QString &path, std::span<const char> content)
{
    AtomicFile file;
    if (const int error = file.write(QFile::encodeName(path), content, {}); error != 0)
        return storageError(path, error);
    return file;
}

Result<Done> AtomicFile::commit(bool durable)
{
    const int error = place(durable);
    return error == 0 ? Result<Done>(Done{}) : storageError(QFile::decodeName(m_path), error);
}

int writeAll(int descriptor, std::span<const char> content)
{
    while (!content.empty()) {
        const ssize_t written = retried([&] { return ::write(descriptor, content.data(), content.size()); });
        if (written < 0)
            return errno;
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

void removeLeftovers(const QString &path)
{
    const QFileInfo file(path);
    const QDir folder = file.dir();
    const QString start = QRegularExpression::escape(file.fileName()) + u"\\.sallyport-"_s;
    const QRegularExpression ours(QRegularExpression::anchoredPattern(QString(start + u"[A-Za-z0-9]{6}"_s)));
    for (const QString &name : folder.entryList(QDir::Files | QDir::Hidden)) {
        if (ours.match(name).hasMatch())
            ::unlink(QFile::encodeName(folder.filePath(name)).constData());
    }
}

Result<std::optional<SecretText>> readFile(const QString &path, std::size_t limit)
{
    const FileHandle file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file && errno == ENOENT)
        return std::optional<SecretText>();
    if (!file)
        return storageError(path, errno);
    SecretText text;
    std::size_t filled = 0;
    ssize_t count = 0;
    do {
        text.resize(filled + 65536);
        count = retried([&] { return ::read(file.get(), text.bytes().data() + filled, 65536); });
        if (count < 0)
            return storageError(path, errno);
        filled += static_cast<std::size_t>(count);
    } while (count > 0 && filled <= limit);
    text.resize(filled);
    if (filled > limit)
        return Error{Errc::StorageFailed, u"%1 is larger than anything Sallyport writes."_s.arg(path), {}};
    return std::optional(std::move(text));
}

} // namespace sallyport
