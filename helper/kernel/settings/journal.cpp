// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/settings/journal.h"

#include "helper/files/atomic_file.h"
#include "helper/files/replace_file.h"

#include <QDir>
#include <QFileInfo>
#include <QStringList>

namespace sallyport::settings {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLimit = 1024 * 1024;

} // namespace

Result<Changes> Journal::read() const
{
    const Result<QByteArray> content = contentOf(m_file, kLimit);
    if (!content)
        return content.error();
    Changes changes;
    for (const QString &line : QString::fromUtf8(*content).split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList fields = line.split(u'\t');
        if (fields.size() == 3 && !fields[0].isEmpty())
            changes[fields[0]] = {fields[1], fields[2]};
    }
    return changes;
}

Result<Done> Journal::write(const Changes &changes) const
{
    QByteArray content;
    for (const auto &[path, change] : changes)
        content += (path + u'\t' + change.before + u'\t' + change.ours + u'\n').toUtf8();
    QDir().mkpath(QFileInfo(m_file).path()); // a failure shows in the next line
    // No settings outlive a loss of power, so nothing has to wait for a disk.
    auto file = AtomicFile::prepare(m_file, {content.constData(), static_cast<std::size_t>(content.size())});
    return file ? file->commit(false) : file.error();
}

} // namespace sallyport::settings
