// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/device_rows.h"

#include <QAbstractListModel>

namespace sallyport {

/// The devices as rows. Says only what is different, so that a thousand of them do not blink every second.
class DeviceListModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int kRowRole = Qt::UserRole;

    using QAbstractListModel::QAbstractListModel;

    void show(std::vector<DeviceRow> rows);
    int rowCount(const QModelIndex &parent = {}) const override;
    /// The name for Qt::DisplayRole, all of it for kRowRole.
    QVariant data(const QModelIndex &index, int role) const override;

private:
    bool hasSameDevices(const std::vector<DeviceRow> &rows) const;

    std::vector<DeviceRow> m_rows;
};

} // namespace sallyport

Q_DECLARE_METATYPE(sallyport::DeviceRow)
