// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <sys/types.h>

namespace sallyport {

/// Reads a file that may be absent (then: nothing). StorageFailed when it is larger than `limit` or unreadable.
Result<QByteArray> contentOf(const QString &path, qsizetype limit);

/// Puts `content` in place of the file in one step: readers see the old or the new bytes, also after a power failure.
/// Keeps the owner, mode and security label of the file; a new one gets `mode`. Follows a symbolic link. A file that
/// cannot be replaced, because it is a mount point or its folder is read-only, is rewritten in place.
Result<Done> replaceFile(const QString &path, const QByteArray &content, mode_t mode);

/// What replaceFile() left beside the file when the program or the machine died within it.
void sweepBeside(const QString &path);

/// Removes the file, also for a reader after a power failure. Absent is no error.
Result<Done> removeFile(const QString &path);

} // namespace sallyport
