// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/result.h"
#include "helper/handle.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <span>
#include <sys/types.h>

namespace sallyport {

/// What the new file looks like.
struct FileLook {
    mode_t mode = 0600;
    bool likeBefore = false; ///< owner, mode and security label of the file that is replaced, if there is one
};

/// A file that is either old or new, never half. The new content is written beside it first, so that a full or
/// read-only disk is known before anything else happens; commit() puts it in place, durably only when asked.
class AtomicFile {
public:
    static Result<AtomicFile> prepare(const QString &path, std::span<const char> content);
    /// Renames into place; with `durable`, after fsync of the file and followed by fsync of its folder. Otherwise it
    /// outlives this program and not a loss of power.
    Result<Done> commit(bool durable);

    AtomicFile() = default;
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&other) noexcept;
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;
    ~AtomicFile(); ///< drops what was not committed

    /// prepare() and commit() for those who must know the reason: 0 or an errno.
    int write(const QByteArray &path, std::span<const char> content, const FileLook &look);
    int place(bool durable);

private:
    void drop() noexcept;

    QByteArray m_path;
    QByteArray m_temporary;
    FileHandle m_file;
};

/// Writes everything, however many pieces it takes: 0 or an errno.
int writeAll(int descriptor, std::span<const char> content);

/// What prepare() left beside `path` when the program or the machine died before commit().
void removeLeftovers(const QString &path);

/// Reads a whole file of at most `limit` bytes. No value: there is no such file.
Result<std::optional<SecretText>> readFile(const QString &path, std::size_t limit);

/// Makes what was renamed or removed in the folder of `path` safe against loss of power. 0 or an errno.
int syncFolderOf(const QByteArray &path);

} // namespace sallyport
