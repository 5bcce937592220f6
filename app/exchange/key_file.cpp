// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/key_file.h"

#include "app/descriptor.h"
#include "app/exchange/input_file.h"
#include "core/key/secret_buffer.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMaximumKeyFile = 256; ///< 44 characters and some blanks

Result<SecretKey> readKey(int descriptor, const QString &path)
{
    SecretBuffer text(kMaximumKeyFile);
    while (text.view().size() < kMaximumKeyFile) {
        const std::span<char> room = text.room(kMaximumKeyFile - text.view().size());
        const ssize_t got = ::read(descriptor, room.data(), room.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fileError(path, errno);
        if (got == 0)
            break;
        text.commit(std::size_t(got));
    }
    auto key = SecretKey::parse(text.view());
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

} // namespace sallyport
