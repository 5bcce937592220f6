// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/zip.h"

#include "core/profile/conf_scanner.h"
#include "core/profile/zip_handles.h"

#include <algorithm>
#include <set>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kChunk = 16 * 1024;
constexpr zip_uint32_t kFileTypeMask = 0170000;
constexpr zip_uint32_t kSymbolicLink = 0120000;

QString printable(const QByteArray &name)
{
    QString text = QString::fromUtf8(name.left(300));
    std::ranges::replace_if(
        text, [](QChar c) { return !c.isPrint() && !c.isSurrogate(); }, QChar(u'?'));
    return text;
}

bool climbs(const QByteArray &name)
{
    const auto parts = QByteArray(name).replace('\\', '/').split('/');
    return parts.contains("..");
}

/// Why an entry is not even opened, judged by its name; empty if it may be.
std::optional<ZipEntryReport> judgedByName(const QByteArray &name)
{
    const auto verdict = [&](Verdict judged, const QString &sentence) {
        return ZipEntryReport{printable(name), judged, sentence};
    };
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (name.isEmpty() || std::ranges::any_of(name, isControl))
        return verdict(Verdict::Refused, u"The name is empty or has control characters."_s);
    if (name.startsWith('/') || (name.size() > 1 && name.at(1) == ':'))
        return verdict(Verdict::Refused, u"The name is an absolute path."_s);
    if (climbs(name))
        return verdict(Verdict::Refused, u"The name leads out of the archive."_s);
    if (name.contains('\\'))
        return verdict(Verdict::Refused, u"The name has a backslash."_s);
    if (name.endsWith('/'))
        return verdict(Verdict::Ignored, u"A folder."_s);
    if (name.endsWith(".zip"))
        return verdict(Verdict::Ignored, u"Archives inside the archive are not opened."_s);
    if (!name.toLower().endsWith(".conf"))
        return verdict(Verdict::Ignored, u"Only files that end in .conf are read."_s);
    return {};
}

class ZipReader {
public:
    ZipReader(zip_t *archive, ImportKind kind, const ImportOptions &options)
        : m_archive(archive), m_kind(kind), m_options(options)
    {
    }

    ZipImport run(zip_uint64_t count)
    {
        for (zip_uint64_t i = 0; i < count; ++i)
            m_result.entries.push_back(readEntry(i));
        return std::move(m_result);
    }

private:
    ZipEntryReport readEntry(zip_uint64_t index);
    std::optional<ZipEntryReport> judgedByKind(zip_uint64_t index, const QByteArray &name);
    Result<SecretText> unpack(zip_uint64_t index);
    ZipEntryReport importEntry(const QByteArray &name, const SecretText &text);

    zip_t *m_archive;
    ImportKind m_kind;
    ImportOptions m_options;
    ZipImport m_result;
    std::set<QByteArray> m_names;
    std::size_t m_unpacked = 0;
    std::size_t m_keys = 0;
};

std::optional<ZipEntryReport> ZipReader::judgedByKind(zip_uint64_t index, const QByteArray &name)
{
    const auto refused = [&](const QString &sentence) {
        return ZipEntryReport{printable(name), Verdict::Refused, sentence};
    };
    if (!m_names.insert(name).second)
        return refused(u"The archive has an entry of this name already."_s);
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(m_archive, index, 0, &system, &attributes) == 0 && system == ZIP_OPSYS_UNIX
        && ((attributes >> 16) & kFileTypeMask) == kSymbolicLink)
        return refused(u"A symbolic link."_s);
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index(m_archive, index, 0, &stat) != 0)
        return refused(u"The entry is damaged."_s);
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
        return refused(u"The entry is encrypted; unpack the archive with its password first."_s);
    return {};
}

/// Counts what really comes out, since the sizes in the archive are only claims.
Result<SecretText> ZipReader::unpack(zip_uint64_t index)
{
    const ZipEntryFile file(zip_fopen_index(m_archive, index, 0));
    if (!file)
        return Error{Errc::InvalidArgument, u"The entry cannot be unpacked."_s, {}};
    SecretText text;
    for (;;) {
        const std::size_t filled = text.size();
        text.resize(filled + kChunk);
        const zip_int64_t count = zip_fread(file.get(), text.bytes().data() + filled, kChunk);
        if (count < 0)
            return Error{Errc::InvalidArgument, u"The entry is damaged."_s, {}};
        text.resize(filled + static_cast<std::size_t>(count));
        m_unpacked += static_cast<std::size_t>(count);
        if (count == 0)
            return text;
        if (text.size() > kMaximumConfSize)
            return Error{Errc::LimitExceeded, u"The entry is larger than %1 bytes."_s.arg(kMaximumConfSize), {}};
        if (m_unpacked > kMaximumUnpacked)
            return Error{Errc::LimitExceeded, u"The archive is larger than %1 bytes."_s.arg(kMaximumUnpacked), {}};
    }
}

ZipEntryReport ZipReader::importEntry(const QByteArray &name, const SecretText &text)
{
    ImportOptions options = m_options;
    options.fileName = QString::fromUtf8(name.mid(name.lastIndexOf('/') + 1));
    options.name.clear();
    auto imported = importConf(text.view(), m_kind, options);
    if (!imported) {
        const Error &error = imported.error();
        const QString place = error.place.isEmpty() ? QString() : error.place + u": "_s;
        return {printable(name), Verdict::Refused, place + error.detail};
    }
    if (const auto *exit = std::get_if<Exit>(&imported->part))
        m_options.takenExitNames += exit->name;
    m_keys += imported->secrets.size();
    m_result.parts.push_back(std::move(*imported));
    return {printable(name), Verdict::Used, {}};
}

ZipEntryReport ZipReader::readEntry(zip_uint64_t index)
{
    const char *raw = zip_get_name(m_archive, index, ZIP_FL_ENC_RAW);
    const QByteArray name(raw ? raw : "");
    if (auto report = judgedByName(name))
        return *report;
    if (auto report = judgedByKind(index, name))
        return *report;
    if (m_unpacked > kMaximumUnpacked)
        return {printable(name), Verdict::Refused, u"The archive is larger than %1 bytes."_s.arg(kMaximumUnpacked)};
    if (m_keys > kMaximumZipKeys)
        return {printable(name), Verdict::Refused, u"The archive has more than %1 keys."_s.arg(kMaximumZipKeys)};
    const auto text = unpack(index);
    if (!text)
        return {printable(name), Verdict::Refused, text.error().detail};
    return importEntry(name, *text);
}

Result<ZipArchive> openArchive(std::span<const char> bytes)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    ZipArchive archive(source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr);
    if (!archive && source)
        zip_source_free(source);
    zip_error_fini(&error);
    if (!archive)
        return Error{Errc::InvalidArgument, u"This is not a zip archive, or it is damaged."_s, {}};
    return archive;
}

} // namespace

Result<ZipImport> importZip(std::span<const char> archive, ImportKind kind, const ImportOptions &options)
{
    if (archive.empty())
        return Error{Errc::InvalidArgument, u"The archive is empty."_s, {}};
    if (archive.size() > kMaximumZipSize)
        return Error{Errc::LimitExceeded, u"The archive is larger than %1 bytes."_s.arg(kMaximumZipSize), {}};
    const auto opened = openArchive(archive);
    if (!opened)
        return opened.error();
    const zip_int64_t count = zip_get_num_entries(opened->get(), 0);
    if (count > kMaximumZipEntries)
        return Error{Errc::LimitExceeded, u"The archive has more than %1 entries."_s.arg(kMaximumZipEntries), {}};
    return ZipReader(opened->get(), kind, options).run(static_cast<zip_uint64_t>(std::max<zip_int64_t>(count, 0)));
}

} // namespace sallyport
