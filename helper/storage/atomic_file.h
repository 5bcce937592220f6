// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/profile/secret_text.h"
#include "core/result.h"

#include <QString>

#include <optional>
#include <span>

namespace sallyport {

/// A file that is either old or new, never half. The new content is written beside it first (mode 0600), so that a full
/// or read-only disk is known before anything else happens; commit() makes it durable and puts it in place.
class AtomicFile {
public:
    static Result<AtomicFile> prepare(const QString &path, std::span<const char> content);
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&other) noexcept;
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;
    ~AtomicFile(); ///< drops what was not committed

    /// Renames into place; with `durable`, after fsync of the file and followed by fsync of its folder.
    Result<Done> commit(bool durable);

private:
    AtomicFile() = default;
    void drop() noexcept;

    QByteArray m_path;
    QByteArray m_temporary;
    int m_descriptor = -1;
};

/// What prepare() left beside `path` when the program or the machine died before commit().
void removeLeftovers(const QString &path);

/// Reads a whole file of at most `limit` bytes. No value: there is no such file.
Result<std::optional<SecretText>> readFile(const QString &path, std::size_t limit);

} // namespace sallyport
