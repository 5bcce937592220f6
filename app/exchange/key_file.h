// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

namespace sallyport {

struct KeyFile {
    SecretKey key;
    bool readableByOthers = false; ///< worth a warning
};

/// Opens the file as the calling user. The text lives in locked memory only and is wiped. `-` is standard input.
Result<KeyFile> readKeyFile(const QString &path);

/// A relative name in a configuration means: beside that file.
QString besideFile(const QString &configurationFile, const QString &named);

} // namespace sallyport
