// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/report.h"

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>

namespace sallyport {

/// The report as text, to be read and changed before it goes anywhere.
class ReportDialog : public QDialog {
    Q_OBJECT

public:
    explicit ReportDialog(QWidget *parent = nullptr);

    Anonymity anonymity() const;
    void show(const QString &text);
    void showOutcome(const QString &sentence);
    using QDialog::show;

Q_SIGNALS:
    void textRequested();
    void saveRequested(const QString &path, const QString &text);

private:
    void build();
    void askWhere();
    void showModified(bool modified);

    QComboBox *m_anonymity;
    QPlainTextEdit *m_text;
    QLabel *m_outcome;
    QPushButton *m_again;
};

} // namespace sallyport
