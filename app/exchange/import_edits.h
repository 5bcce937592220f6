// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/profile/zip.h"

/// What the command line and the wizard do alike with files of other programs.
namespace sallyport {

/// What a file holds, whether one `.conf` or an archive of them.
struct ImportedFile {
    std::vector<ZipEntryReport> entries; ///< of an archive only
    std::vector<Imported> parts;
};

/// An archive is recognised by its content, whatever its name.
bool isArchive(std::span<const char> content);

/// Adds the part. A Home or an exit that is there already and different is an error, unless it may be replaced.
Result<Done> addPart(Configuration &next, const Imported &part, bool replace);

/// The entries that became parts, in the same order; `name` for a file that is no archive.
QStringList partNames(const ImportedFile &file, const QString &name);

} // namespace sallyport
