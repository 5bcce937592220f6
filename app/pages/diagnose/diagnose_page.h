// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/health.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace sallyport {

struct DiagnoseModel {
    bool isRunning = false;
    QString summary;
    std::vector<Finding> findings;

    bool operator==(const DiagnoseModel &) const = default;
};

/// What is not working? A check-up as a chain of ticks, and a report for whoever is to help.
class DiagnosePage : public QWidget {
    Q_OBJECT

public:
    explicit DiagnosePage(QWidget *parent = nullptr);

    void show(const DiagnoseModel &model);
    using QWidget::show;

Q_SIGNALS:
    void checkRequested();
    void reportRequested();

private:
    void build();
    void showFindings();

    QLabel *m_summary;
    QPushButton *m_check;
    QPushButton *m_report;
    QWidget *m_chain;
    QVBoxLayout *m_rows;
    DiagnoseModel m_shown;
};

} // namespace sallyport
