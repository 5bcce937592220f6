// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/network_contacts.h"

#include <QCheckBox>
#include <QWidget>

namespace sallyport {

/// Every host that the program may ask by itself: a switch, what for, and the last time. A mark moves when the preference has
/// moved.
class ContactsList : public QWidget {
    Q_OBJECT

public:
    explicit ContactsList(QWidget *parent = nullptr);

    void show(const std::vector<NetworkContact> &contacts);
    using QWidget::show;

Q_SIGNALS:
    void allowRequested(const QString &host, bool on);

private:
    void build(const std::vector<NetworkContact> &contacts);

    struct Row {
        QString host;
        QCheckBox *check;
    };
    std::vector<Row> m_rows;
};

} // namespace sallyport
