// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/profile/import.h"

/// Archives of wg-quick files, as providers hand them out. Everything stays in memory; no name from an archive ever
/// becomes a path.
namespace sallyport {

inline constexpr std::size_t kMaximumZipSize = 64UL * 1024 * 1024;
inline constexpr qint64 kMaximumZipEntries = 10000;
inline constexpr std::size_t kMaximumUnpacked = 64UL * 1024 * 1024;
/// Each key lies in guarded pages of its own, and a process may have some 65,000 pieces of memory.
inline constexpr std::size_t kMaximumZipKeys = 5000;

/// What became of one entry. Used: its `imported` is filled.
struct ZipEntryReport {
    QString entry; ///< printable form of its name
    Verdict verdict = Verdict::Used;
    QString sentence;

    bool operator==(const ZipEntryReport &) const = default;
};

struct ZipImport {
    std::vector<Imported> parts; ///< one for each entry that is Used, in the order of the archive
    std::vector<ZipEntryReport> entries; ///< one for each entry of the archive
};

struct ZipFile {
    QString name; ///< with `.conf`
    SecretText text;
};

/// Reads every `*.conf`; one bad file does not spoil the others. `options.fileName` and `options.name` are not used.
Result<ZipImport> importZip(std::span<const char> archive, ImportKind kind, const ImportOptions &options);
/// The archive library keeps its own copies while it works, which it does not wipe.
Result<SecretText> writeZip(const std::vector<ZipFile> &files);

} // namespace sallyport
