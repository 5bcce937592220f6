// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/key_file.h"

#include "app/cli/descriptor.h"
#include "app/cli/input_file.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <new>
#include <sodium.h>
#include <sys/stat.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMaximumKeyFile = 256; ///< 44 characters and some blanks

struct WipeAndFree {
    void operator()(char *memory) const noexcept { sodium_free(memory); }
};
using LockedText = std::unique_ptr<char, WipeAndFree>;

Result<SecretKey> readKey(int descriptor, const QString &path)
{
    if (sodium_init() < 0)
        throw std::bad_alloc();
    const LockedText text(static_cast<char *>(sodium_malloc(kMaximumKeyFile)));
    if (!text)
        throw std::bad_alloc();
    std::size_t length = 0;
    while (length < kMaximumKeyFile) {
        const ssize_t got = ::read(descriptor, text.get() + length, kMaximumKeyFile - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fileError(path, errno);
        if (got == 0)
            break;
        length += std::size_t(got);
    }
    auto key = SecretKey::parse(std::span<const char>(text.get(), length));
    if (!key)
        return Error{Errc::InvalidArgument,
            u"%1 does not hold a WireGuard key (44 characters of base64); make one with 'sally keygen --out'"_s.arg(
                path),
            {}};
    return key;
}

} // namespace

Result<KeyFile> readKeyFile(const QString &path)
{
    const bool standardInput = path == u"-";
    const QByteArray name = QFile::encodeName(path);
    const Descriptor file(standardInput ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                        : ::open(name.constData(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0)
        return fileError(path, errno);
    auto key = readKey(file.get(), shownName(path));
    if (!key)
        return key.error();
    const bool readable = S_ISREG(status.st_mode) && (status.st_mode & S_IROTH) != 0;
    return KeyFile{std::move(*key), readable};
}

QString besideFile(const QString &configurationFile, const QString &named)
{
    if (QDir::isAbsolutePath(named))
        return named;
    const QDir folder = configurationFile == u"-" ? QDir::current() : QFileInfo(configurationFile).absoluteDir();
    return QDir::cleanPath(folder.filePath(named));
}

} // namespace sallyport::cli
