// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/dns/resolv_backup.h"

namespace sallyport::dns {

/// /etc/resolv.conf itself. At every moment, also after a crash or a loss of power, it is either what it was or ours, and
/// what it was is known. A symbolic link is replaced and comes back as the link; what it leads to is never touched.
/// A file that cannot be replaced, because it is a mount point or its folder is read-only, is rewritten in place.
class ResolvFile {
public:
    ResolvFile(const QString &path, const QString &backup) : m_path(path), m_backupPath(backup), m_backup(backup) {}

    /// Our text; nothing if the file is somebody else's.
    Result<QByteArray> ours() const;
    /// Takes a backup unless the file is ours already. `text` begins with header().
    Result<Done> put(const QByteArray &text) const;
    /// Brings back what was there. Leaves a file alone that is no longer ours.
    Result<Done> restore() const;
    /// Removes what an earlier one left beside the file when it was killed.
    void sweep() const;

private:
    Result<Done> putBack(const Original &original) const;

    QString m_path;
    QString m_backupPath;
    Backup m_backup;
};

} // namespace sallyport::dns
