// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/result.h"

#include <QByteArray>

#include <span>

namespace sallyport {

/// The whole file, or standard input for `-`. More than `maximum` bytes are refused, whatever stat says of the size.
Result<QByteArray> readInput(const QString &path, std::size_t maximum);
/// The same for files that hold keys.
Result<SecretText> readSecretInput(const QString &path, std::size_t maximum);

/// `reason`, `path` and what to look at, for a file that cannot be used.
Error fileError(const QString &path, int errnoValue);

/// `-` as a person calls it.
QString shownName(const QString &file);
/// The error with the file in front of its place: `wgnet.json:2:7`, `wgnet.json: home.addresses[0]`.
Error inFile(const QString &file, Error error);

/// A new file that only the caller can read and write; an existing one (or a link of that name) is never touched.
Result<Done> writeNewFile(const QString &path, std::span<const char> bytes);

} // namespace sallyport
