// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <zip.h>

namespace sallyport {

struct ZipDiscard {
    void operator()(zip_t *archive) const noexcept { zip_discard(archive); }
};
struct ZipFileClose {
    void operator()(zip_file_t *file) const noexcept { zip_fclose(file); }
};
struct ZipSourceFree {
    void operator()(zip_source_t *source) const noexcept { zip_source_free(source); }
};
using ZipArchive = std::unique_ptr<zip_t, ZipDiscard>;
using ZipEntryFile = std::unique_ptr<zip_file_t, ZipFileClose>;
using ZipSource = std::unique_ptr<zip_source_t, ZipSourceFree>;

} // namespace sallyport
