// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/activity.h"

#include <QAbstractListModel>

namespace sallyport {

/// What changed, the newest first.
class ActivityListModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int kEntryRole = Qt::UserRole;
    static constexpr int kTopicRole = Qt::UserRole + 1;

    using QAbstractListModel::QAbstractListModel;

    /// `entries`, the oldest first: what was shown before, shortened at the beginning, and more at the end.
    void show(const std::vector<ActivityEntry> &entries);
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    static QString timeText(const QDateTime &at);

private:
    std::vector<ActivityEntry> m_entries;
};

} // namespace sallyport

Q_DECLARE_METATYPE(sallyport::ActivityEntry)
