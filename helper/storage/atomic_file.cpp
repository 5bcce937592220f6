// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/storage/atomic_file.h"

#include "helper/kernel/system_error.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error storageError(const QByteArray &path, int number)
{
    return systemError(QFile::decodeName(path), number, {}, Errc::StorageFailed);
}

int retried(auto call)
{
    int result = -1;
    do {
        result = static_cast<int>(call());
    } while (result < 0 && errno == EINTR);
    return result;
}

bool writeAll(int descriptor, std::span<const char> content)
{
    while (!content.empty()) {
        const int written = retried([&] { return ::write(descriptor, content.data(), content.size()); });
        if (written <= 0)
            return false;
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

QByteArray folderOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    return slash <= 0 ? QByteArray("/") : path.left(slash);
}

} // namespace

Result<AtomicFile> AtomicFile::prepare(const QString &path, std::span<const char> content)
{
    AtomicFile file;
    file.m_path = QFile::encodeName(path);
    file.m_temporary = file.m_path + ".XXXXXX";
    file.m_descriptor = ::mkostemp(file.m_temporary.data(), O_CLOEXEC); // creates it with mode 0600
    if (file.m_descriptor < 0) {
        file.m_temporary.clear();
        return storageError(file.m_path, errno);
    }
    if (!writeAll(file.m_descriptor, content))
        return storageError(file.m_path, errno);
    return file;
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept :
    m_path(std::move(other.m_path)), m_temporary(std::exchange(other.m_temporary, {})),
    m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

AtomicFile &AtomicFile::operator=(AtomicFile &&other) noexcept
{
    if (this != &other) {
        drop();
        m_path = std::move(other.m_path);
        m_temporary = std::exchange(other.m_temporary, {});
        m_descriptor = std::exchange(other.m_descriptor, -1);
    }
    return *this;
}

AtomicFile::~AtomicFile()
{
    drop();
}

void AtomicFile::drop() noexcept
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
    if (!m_temporary.isEmpty())
        ::unlink(m_temporary.constData());
    m_temporary.clear();
}

Result<Done> AtomicFile::commit(bool durable)
{
    if (durable && retried([&] { return ::fsync(m_descriptor); }) < 0)
        return storageError(m_path, errno);
    if (::rename(m_temporary.constData(), m_path.constData()) < 0)
        return storageError(m_path, errno);
    m_temporary.clear();
    drop();
    if (!durable)
        return Done{};
    const QByteArray folder = folderOf(m_path);
    const int directory = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = directory >= 0 && ::fsync(directory) == 0;
    const int number = errno;
    if (directory >= 0)
        ::close(directory);
    return synced ? Result<Done>(Done{}) : storageError(folder, number);
}

void removeLeftovers(const QString &path)
{
    const QFileInfo file(path);
    const QDir folder = file.dir();
    for (const QString &name : folder.entryList({file.fileName() + u".??????"_s}, QDir::Files))
        ::unlink(QFile::encodeName(folder.filePath(name)).constData());
}

Result<std::optional<SecretText>> readFile(const QString &path, std::size_t limit)
{
    const QByteArray name = QFile::encodeName(path);
    const int descriptor = ::open(name.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0 && errno == ENOENT)
        return std::optional<SecretText>();
    if (descriptor < 0)
        return storageError(name, errno);
    SecretText text;
    std::size_t filled = 0;
    int count = 0;
    do {
        text.resize(filled + 65536);
        count = retried([&] { return ::read(descriptor, text.bytes().data() + filled, 65536); });
        filled += count > 0 ? static_cast<std::size_t>(count) : 0;
    } while (count > 0 && filled <= limit);
    const int number = errno;
    ::close(descriptor);
    text.resize(filled);
    if (count < 0)
        return storageError(name, number);
    if (filled > limit)
        return Error{Errc::StorageFailed, u"%1 is larger than anything Sallyport writes."_s.arg(path), {}};
    return std::optional(std::move(text));
}

} // namespace sallyport
