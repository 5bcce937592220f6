// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/activity/activity_list_model.h"

#include <QLocale>

namespace sallyport {

void ActivityListModel::show(const std::vector<ActivityEntry> &entries)
{
    if (entries == m_entries)
        return;
    beginResetModel();
    m_entries = entries;
    endResetModel();
}

int ActivityListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant ActivityListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const ActivityEntry &entry = m_entries[m_entries.size() - 1 - static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return QString(timeText(entry.at) + QStringLiteral("  ") + entry.change.sentence);
    case kEntryRole:
        return QVariant::fromValue(entry);
    case kTopicRole:
        return static_cast<int>(entry.change.topic);
    default:
        return {};
    }
}

/// Today's need no date.
QString ActivityListModel::timeText(const QDateTime &at)
{
    const QLocale locale;
    const QString time = locale.toString(at.time(), u"HH:mm:ss");
    return at.date() == QDate::currentDate() ? time
                                             : QString(locale.toString(at.date(), QLocale::ShortFormat) + u' ' + time);
}

} // namespace sallyport
