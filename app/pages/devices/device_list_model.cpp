// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/devices/device_list_model.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

void DeviceListModel::show(std::vector<DeviceRow> rows)
{
    if (!hasSameDevices(rows)) {
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

int DeviceListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant DeviceListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const DeviceRow &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.name;
    case Qt::AccessibleTextRole:
        return QStringList({row.name, row.path, row.roundTrip, row.handshake}).join(u", "_s);
    case kRowRole:
        return QVariant::fromValue(row);
    default:
        return {};
    }
}

bool DeviceListModel::hasSameDevices(const std::vector<DeviceRow> &rows) const
{
    return std::ranges::equal(rows, m_rows, {}, &DeviceRow::name, &DeviceRow::name);
}

} // namespace sallyport
