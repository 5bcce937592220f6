// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/import_offer.h"

#include <QAbstractTableModel>

namespace sallyport {

/// What became of every line of a file.
class PreviewModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::vector<PreviewLine> lines);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<PreviewLine> m_lines;
};

} // namespace sallyport
