// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/relay_cache.h"

#include "core/wire/json.h"

#include <QDir>
#include <QSaveFile>

namespace sallyport {

using namespace Qt::StringLiterals;

RelayCache::RelayCache(QString folder) : m_folder(std::move(folder)) {}

QString RelayCache::pathOf(const QString &name) const
{
    return m_folder + u'/' + name + u".relays"_s;
}

/// The first line is the version.
std::optional<RelayCache::Entry> RelayCache::load(const QString &name) const
{
    QFile file(pathOf(name));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray all = file.read(kMaximumJsonSize);
    const qsizetype end = all.indexOf('\n');
    if (end < 0)
        return std::nullopt;
    return Entry{all.left(end), all.mid(end + 1)};
}

void RelayCache::keep(const QString &name, const Entry &entry) const
{
    QDir().mkpath(m_folder);
    QSaveFile file(pathOf(name));
    QByteArray version = entry.version;
    version.replace('\n', "");
    if (file.open(QIODevice::WriteOnly) && file.write(version + '\n' + entry.text) > 0)
        file.commit();
}

} // namespace sallyport
