// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/wizard/preview_model.h"

#include <QCheckBox>
#include <QLabel>
#include <QTableView>

namespace sallyport {

/// Where a configuration can come from, and what would become of every line of it.
class ImportPage : public QWidget {
    Q_OBJECT

public:
    explicit ImportPage(QWidget *parent = nullptr);

    void showOffer(const QString &summary, std::vector<PreviewLine> lines);
    void clear();
    bool mayReplace() const { return m_replace->isChecked(); }

Q_SIGNALS:
    void fileRequested();
    void clipboardRequested();
    void screenRequested();

private:
    QLabel *m_summary;
    QTableView *m_table;
    QCheckBox *m_replace;
    PreviewModel m_model;
};

} // namespace sallyport
