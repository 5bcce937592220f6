// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/input_file.h"

#include "app/descriptor.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Result<Done> writeAll(int descriptor, std::span<const char> bytes, const QString &path)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fileError(path, errno);
        bytes = bytes.subspan(std::size_t(written));
    }
    if (::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS)
        return fileError(path, errno);
    return Done{};
}

/// Reads to the end, into anything that can append a view.
template<class Content>
Result<Content> readAll(int descriptor, const QString &path, std::size_t maximum)
{
    Content content;
    std::vector<char, WipingAllocator<char>> block(65536);
    for (;;) {
        const ssize_t length = ::read(descriptor, block.data(), block.size());
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return fileError(path, errno);
        if (length == 0)
            return content;
        if (std::size_t(content.size()) + std::size_t(length) > maximum)
            return Error{Errc::LimitExceeded, u"%1 is larger than %2 bytes"_s.arg(path).arg(maximum), {}};
        content.append(QByteArrayView(block.data(), length));
    }
}

template<class Content>
Result<Content> readNamed(const QString &path, std::size_t maximum)
{
    if (path == u"-")
        return readAll<Content>(STDIN_FILENO, shownName(path), maximum);
    const QByteArray name = QFile::encodeName(path);
    const Descriptor file(::open(name.constData(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file)
        return fileError(path, errno);
    return readAll<Content>(file.get(), path, maximum);
}

} // namespace

QString shownName(const QString &file)
{
    return file == u"-" ? u"standard input"_s : file;
}

Error inFile(const QString &file, Error error)
{
    const bool isPosition = !error.place.isEmpty() && error.place.front().isDigit();
    if (error.place.isEmpty())
        error.place = shownName(file);
    else
        error.place = shownName(file) + (isPosition ? u":"_s : u": "_s) + error.place;
    return error;
}

Error fileError(const QString &path, int errnoValue)
{
    const QString reason = qt_error_string(errnoValue);
    return {Errc::InvalidArgument, u"%1 cannot be used (%2); check its name and permissions"_s.arg(path, reason), {}};
}

Result<QByteArray> readInput(const QString &path, std::size_t maximum)
{
    return readNamed<QByteArray>(path, maximum);
}

Result<SecretText> readSecretInput(const QString &path, std::size_t maximum)
{
    return readNamed<SecretText>(path, maximum);
}

Result<Done> writeNewFile(const QString &path, std::span<const char> bytes)
{
    const QByteArray name = QFile::encodeName(path);
    const Descriptor file(::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file && errno == EEXIST)
        return Error{
            Errc::InvalidArgument, u"%1 exists already and is not overwritten; choose another name"_s.arg(path), {}};
    if (!file)
        return fileError(path, errno);
    auto written = writeAll(file.get(), bytes, path);
    if (!written)
        ::unlink(name.constData());
    return written;
}

} // namespace sallyport
