// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/devices/device_details_view.h"
#include "app/pages/devices/device_list_model.h"

#include <QLineEdit>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QStackedWidget>

namespace sallyport {

/// The devices of Home and, beside them, the selected one in full.
class DevicesPage : public QWidget {
    Q_OBJECT

public:
    explicit DevicesPage(QWidget *parent = nullptr);

    /// `empty` says why, if there are no rows.
    void show(std::vector<DeviceRow> rows, const QString &empty);
    /// Of selected(); none: nothing is selected.
    void showDetails(const std::optional<DeviceDetails> &details);
    QString selected() const; ///< a name; empty: none
    using QWidget::show;

Q_SIGNALS:
    void selectionChanged();
    void copyRequested(const QString &text);
    void exitChosen(const QString &name);
    void pathPreferred(const sallyport::PathPreference &path);

private:
    void build();
    void select(const QString &name);

    DeviceListModel m_model;
    QSortFilterProxyModel m_filtered;
    QLineEdit *m_filter;
    QListView *m_list;
    QLabel *m_empty;
    DeviceDetailsView *m_details;
    QStackedWidget *m_stack;
};

} // namespace sallyport
