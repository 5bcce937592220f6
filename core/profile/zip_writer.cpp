// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/zip.h"
#include "core/profile/zip_handles.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr zip_uint32_t kOwnerOnlyFile = 0100600U << 16;
constexpr zip_uint16_t kFirstDosDate = (1 << 5) | 1; ///< 1 January 1980: equal contents give equal archives

Error failed()
{
    return {Errc::Internal, u"The archive could not be written."_s, {}};
}

bool addFile(zip_t *archive, const ZipFile &file)
{
    zip_source_t *contents = zip_source_buffer(archive, file.text.view().data(), file.text.size(), 0);
    if (!contents)
        return false;
    const zip_int64_t index = zip_file_add(archive, file.name.toUtf8().constData(), contents, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(contents);
        return false;
    }
    const auto at = static_cast<zip_uint64_t>(index);
    return zip_file_set_external_attributes(archive, at, 0, ZIP_OPSYS_UNIX, kOwnerOnlyFile) == 0
        && zip_file_set_dostime(archive, at, 0, kFirstDosDate, 0) == 0;
}

Result<SecretText> contentsOf(zip_source_t *source)
{
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0)
        return failed();
    SecretText text;
    text.resize(static_cast<std::size_t>(stat.size));
    const zip_int64_t count = zip_source_read(source, text.bytes().data(), stat.size);
    zip_source_close(source);
    if (count < 0 || static_cast<zip_uint64_t>(count) != stat.size)
        return failed();
    return text;
}

} // namespace

Result<SecretText> writeZip(const std::vector<ZipFile> &files)
{
    if (files.empty())
        return Error{Errc::InvalidArgument, u"There is nothing to put into the archive."_s, {}};
    zip_error_t error;
    zip_error_init(&error);
    const ZipSource source(zip_source_buffer_create(nullptr, 0, 0, &error));
    ZipArchive archive(source ? zip_open_from_source(source.get(), ZIP_TRUNCATE, &error) : nullptr);
    zip_error_fini(&error);
    if (!archive)
        return failed();
    // The archive consumes one reference of the source; the other one is read from afterwards.
    zip_source_keep(source.get());
    for (const ZipFile &file : files) {
        if (!addFile(archive.get(), file))
            return Error{Errc::InvalidArgument, u"%1 cannot be put into the archive."_s.arg(file.name), {}};
    }
    if (zip_close(archive.get()) != 0)
        return failed();
    static_cast<void>(archive.release());
    return contentsOf(source.get());
}

} // namespace sallyport
