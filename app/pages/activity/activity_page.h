// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/activity/activity_list_model.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QStackedWidget>

namespace sallyport {

/// What changed and why, in sentences with times; of everything or of one thing.
class ActivityPage : public QWidget {
    Q_OBJECT

public:
    explicit ActivityPage(QWidget *parent = nullptr);

    void show(const std::vector<ActivityEntry> &entries);
    using QWidget::show;

private:
    void addTopics();
    void filter();

    ActivityListModel m_model;
    QSortFilterProxyModel m_filtered;
    QComboBox *m_topic;
    QListView *m_list;
    QLabel *m_empty;
    QStackedWidget *m_stack;
};

} // namespace sallyport
