// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/settings/sysctl.h"

#include "helper/handle.h"
#include "helper/kernel/system_error.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>

namespace sallyport::settings {

using namespace Qt::StringLiterals;

namespace {

/// At least one folder below ipv4 or ipv6, plain names only.
bool isPath(const QString &path)
{
    static const QRegularExpression shape(u"\\A(ipv4|ipv6)(/[A-Za-z0-9_.:@-]{1,64}){1,4}\\z"_s);
    const QStringList segments = path.split(u'/');
    return shape.match(path).hasMatch() && !segments.contains(u".."_s) && !segments.contains(u"."_s);
}

bool isValue(const QString &value)
{
    static const QRegularExpression shape(u"\\A[A-Za-z0-9._-][A-Za-z0-9 ._-]{0,62}\\z"_s);
    return shape.match(value).hasMatch();
}

} // namespace

Result<QString> Sysctl::fileOf(const QString &path) const
{
    if (!isPath(path))
        return Error{Errc::InvalidArgument, u"'%1' is not a network setting."_s.arg(path.left(80)), {}};
    return QString(m_root + u'/' + path);
}

Result<std::optional<QString>> Sysctl::current(const QString &path) const
{
    const Result<QString> file = fileOf(path);
    if (!file)
        return file.error();
    const FileHandle handle(open(file->toUtf8().constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!handle && errno == ENOENT)
        return std::optional<QString>{};
    std::array<char, 256> text{};
    const ssize_t size = handle ? read(handle.get(), text.data(), text.size()) : -1;
    if (size < 0)
        return systemError(u"Reading the setting "_s + path, errno);
    return std::optional(QString::fromLatin1(text.data(), size).trimmed());
}

Result<Done> Sysctl::writeValue(const QString &path, const QString &value) const
{
    const Result<QString> file = fileOf(path);
    if (!file)
        return file.error();
    const QByteArray text = value.toLatin1();
    const FileHandle handle(open(file->toUtf8().constData(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!handle || ::write(handle.get(), text.constData(), static_cast<std::size_t>(text.size())) != text.size())
        return systemError(u"Setting %1 to %2"_s.arg(path, value), errno);
    return Done{};
}

Result<Done> Sysctl::write(const Setting &setting)
{
    if (!isValue(setting.value))
        return Error{Errc::InvalidArgument,
            u"'%1' is no value for the setting %2."_s.arg(setting.value.left(80), setting.path), {}};
    const Result<std::optional<QString>> present = current(setting.path);
    if (!present)
        return present.error();
    if (!*present)
        return systemError(u"Setting "_s + setting.path, ENOENT);
    if (**present == setting.value)
        return Done{}; // ours already, or somebody else's who wants the same: not ours to take back
    Result<Changes> changes = m_journal.read();
    if (!changes)
        return changes.error();
    const auto known = changes->find(setting.path);
    // What is in force counts as the value from before, unless we wrote it ourselves.
    const bool ours = known != changes->end() && known->second.ours == **present;
    (*changes)[setting.path] = {ours ? known->second.before : **present, setting.value};
    if (Result<Done> journalled = m_journal.write(*changes); !journalled)
        return journalled;
    return writeValue(setting.path, setting.value);
}

Result<Done> Sysctl::restore(const QString &path)
{
    Result<Changes> changes = m_journal.read();
    if (!changes)
        return changes.error();
    const auto known = changes->find(path);
    if (known == changes->end())
        return Done{};
    const Result<std::optional<QString>> present = current(path);
    if (!present)
        return present.error();
    if (*present && **present == known->second.ours) {
        if (Result<Done> written = writeValue(path, known->second.before); !written)
            return written;
    }
    changes->erase(known);
    return m_journal.write(*changes);
}

Result<std::vector<ObservedSetting>> Sysctl::observe(const QStringList &others)
{
    Result<Changes> changes = m_journal.read();
    if (!changes)
        return changes.error();
    std::vector<ObservedSetting> observed;
    for (const QString &path : others) {
        if (changes->contains(path))
            continue;
        const Result<std::optional<QString>> value = current(path);
        if (!value)
            return value.error();
        if (*value)
            observed.push_back({{path, **value}, false});
    }
    const std::size_t known = changes->size();
    for (auto change = changes->begin(); change != changes->end();) {
        const Result<std::optional<QString>> value = current(change->first);
        if (value && *value)
            observed.push_back({{change->first, **value}, true});
        // Gone with its interface, or not a path that we would have written.
        change = value && *value ? std::next(change) : changes->erase(change);
    }
    if (changes->size() != known) {
        if (Result<Done> written = m_journal.write(*changes); !written)
            return written.error();
    }
    std::ranges::sort(observed, {}, &ObservedSetting::setting);
    return observed;
}

} // namespace sallyport::settings
