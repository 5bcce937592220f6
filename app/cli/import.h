// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/requests.h"
#include "app/exchange/import_edits.h"
#include "app/exchange/proposal.h"

namespace sallyport::cli {

/// Reads the file as the calling user. An archive is recognised by its content, whatever its name.
Result<ImportedFile> readImport(const ImportRequest &request);

/// Adds the parts. A Home or an exit that is there already and different is an error, unless it may be replaced.
Result<Proposal> withImported(const Configuration &present, ImportedFile file, const ImportRequest &request);

/// What became of each line.
QStringList importLines(const ImportedFile &file, const QString &name);
QVariantMap importMap(const ImportedFile &file, const QString &name);

} // namespace sallyport::cli
