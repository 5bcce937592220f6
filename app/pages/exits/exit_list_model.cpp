// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/exits/exit_list_model.h"

namespace sallyport {

using namespace Qt::StringLiterals;

void ExitListModel::show(const std::vector<ExitSection> &sections)
{
    std::vector<Row> rows;
    for (const ExitSection &section : sections) {
        rows.push_back({section.title, {}});
        for (const ExitItem &item : section.items)
            rows.push_back({{}, item});
    }
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    for (std::size_t number = 0; number < rows.size(); ++number) {
        if (rows[number] == m_rows[number])
            continue;
        m_rows[number] = std::move(rows[number]);
        const QModelIndex changed = index(static_cast<int>(number));
        Q_EMIT dataChanged(changed, changed);
    }
}

int ExitListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ExitListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.item ? row.item->name : row.heading;
    case Qt::AccessibleTextRole:
        return row.item ? spoken(*row.item) : row.heading;
    case kItemRole:
        return row.item ? QVariant::fromValue(*row.item) : QVariant();
    default:
        return {};
    }
}

Qt::ItemFlags ExitListModel::flags(const QModelIndex &index) const
{
    const bool isExit = index.isValid() && m_rows[static_cast<std::size_t>(index.row())].item;
    return isExit ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren : Qt::ItemNeverHasChildren;
}

QString ExitListModel::spoken(const ExitItem &item)
{
    QStringList parts{item.name};
    if (item.isInUse)
        parts += tr("in use");
    else if (item.isChosen)
        parts += tr("chosen");
    if (item.isFavourite)
        parts += tr("favourite");
    return parts.join(u", "_s);
}

} // namespace sallyport
