// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/exits/exit_list_model.h"

#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QStackedWidget>

namespace sallyport {

/// Search first, then all exits in sections.
class ExitsPage : public QWidget {
    Q_OBJECT

public:
    explicit ExitsPage(QWidget *parent = nullptr);

    /// `empty` says why, if there are no sections.
    void show(const std::vector<ExitSection> &sections, const QString &empty);
    QString search() const;
    using QWidget::show;

Q_SIGNALS:
    void searchChanged();
    void accountRequested();
    void exitChosen(const QString &name);
    void favouriteToggled(const QString &name);

private:
    void build();
    QString selected() const;
    void addArrows();
    void selectFrom(int row, int step);
    void choose();

    ExitListModel m_model;
    QLineEdit *m_search;
    QListView *m_list;
    QLabel *m_empty;
    QPushButton *m_use;
    QPushButton *m_favourite;
    QStackedWidget *m_stack;
};

} // namespace sallyport
