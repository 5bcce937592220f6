// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/exit_sections.h"

#include <QAbstractListModel>

namespace sallyport {

/// Sections as rows: a heading, which cannot be chosen, then its exits.
class ExitListModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr int kItemRole = Qt::UserRole; ///< ExitItem; of a heading no value

    using QAbstractListModel::QAbstractListModel;

    void show(const std::vector<ExitSection> &sections);
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row {
        QString heading;
        std::optional<ExitItem> item;

        bool operator==(const Row &) const = default;
    };
    static QString spoken(const ExitItem &item);

    std::vector<Row> m_rows;
};

} // namespace sallyport

Q_DECLARE_METATYPE(sallyport::ExitItem)
