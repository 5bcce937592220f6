// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/requests.h"
#include "core/profile/export.h"

namespace sallyport::cli {

struct ExportedText {
    SecretText conf;
    bool hasPrivateKey = false;
    QStringList warnings;
};

/// The file for a device or an exit. Key files are opened as the calling user; `ownKey` is this machine's public key.
Result<ExportedText> exportText(
    const ExportRequest &request, const Configuration &configuration, const std::optional<PublicKey> &ownKey);

/// A JSON object that holds the text, made without copying keys into strings.
SecretText exportJson(const QString &name, const SecretText &conf);

} // namespace sallyport::cli
