// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace sallyport {

/// Lists of servers as they came, for when there is no network yet. Public knowledge only; what is read back is as foreign as
/// what came from the network.
class RelayCache {
public:
    struct Entry {
        QByteArray version; ///< an ETag or a digest
        QByteArray text;

        bool operator==(const Entry &) const = default;
    };

    explicit RelayCache(QString folder);

    std::optional<Entry> load(const QString &name) const;
    /// What cannot be kept is fetched again.
    void keep(const QString &name, const Entry &entry) const;

private:
    QString pathOf(const QString &name) const;

    QString m_folder;
};

} // namespace sallyport
