// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <optional>
#include <sys/types.h>

namespace sallyport::dns {

/// What /etc/resolv.conf is, down to the last byte.
struct Original {
    enum class Kind { Missing, File, Link };

    Kind kind = Kind::Missing;
    QByteArray content; ///< of a File; where a Link leads
    mode_t mode = 0644; ///< of a File
    uid_t owner = 0;
    gid_t group = 0;

    bool operator==(const Original &) const = default;
};

/// Reads it without following a link. Fails if it is neither a file nor a link.
Result<Original> originalAt(const QString &path);

/// The original on disk: written in one step before anything else is touched, and kept afterwards, because others make
/// backups too and may bring ours back to life.
class Backup {
public:
    explicit Backup(QString file) : m_file(std::move(file)) {}

    Result<Done> save(const Original &original) const;
    /// Nothing: none was ever made, or it is damaged.
    Result<std::optional<Original>> load() const;

private:
    QString m_file;
};

} // namespace sallyport::dns
