// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/intent.h"
#include "core/present/device_rows.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QTreeWidget>

namespace sallyport {

/// One device in full: what is known of it, and the ledger of ways to it, where each can be preferred, pinned, forbidden.
class DeviceDetailsView : public QWidget {
    Q_OBJECT

public:
    explicit DeviceDetailsView(QWidget *parent = nullptr);

    void show(const DeviceDetails &details);
    using QWidget::show;

Q_SIGNALS:
    void copyRequested(const QString &text);
    void exitChosen(const QString &name);
    void pathPreferred(const sallyport::PathPreference &path);

private:
    void build();
    void addUse(const QString &text, const QString &tip, Preference use);
    void showWays();
    void showUses();
    void preferSelected(Preference use);
    const WayRow *selectedWay() const;

    QLabel *m_name;
    QLabel *m_state;
    QLabel *m_facts;
    QPushButton *m_copyAddress;
    QPushButton *m_copyKey;
    QPushButton *m_useAsExit;
    QTreeWidget *m_ways;
    QLabel *m_reason;
    QHBoxLayout *m_useRow;
    std::vector<std::pair<Preference, QToolButton *>> m_uses;
    DeviceDetails m_shown;
};

} // namespace sallyport
