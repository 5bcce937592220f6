// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"
#include "helper/kernel/settings/journal.h"

namespace sallyport::settings {

/// Kernel settings below /proc/sys/net. The value from before is journalled before ours is written; it is written back
/// only if ours is still in force then, because otherwise somebody else has made it theirs.
class Sysctl {
public:
    Sysctl(QString root, QString journalFile) : m_root(std::move(root)), m_journal(std::move(journalFile)) {}

    /// The journalled settings and those of `others` that exist, sorted. Settings of interfaces that are gone are
    /// forgotten.
    Result<std::vector<ObservedSetting>> observe(const QStringList &others);
    Result<Done> write(const Setting &setting);
    Result<Done> restore(const QString &path);

private:
    /// `ipv4/conf/all/src_valid_mark` to a file name; refuses whatever could lead elsewhere.
    Result<QString> fileOf(const QString &path) const;
    Result<std::optional<QString>> current(const QString &path) const;
    Result<Done> writeValue(const QString &path, const QString &value) const;

    QString m_root;
    Journal m_journal;
};

} // namespace sallyport::settings
