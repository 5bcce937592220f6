// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/account_flow.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTreeWidget>

namespace sallyport {

/// Servers by country and city, and how to use the chosen one.
class RelaysPage : public QWidget {
    Q_OBJECT

public:
    explicit RelaysPage(QWidget *parent = nullptr);

    void show(const ProviderTraits &traits, const AccountModel &model);
    using QWidget::show;

Q_SIGNALS:
    void addRequested(const sallyport::ExitChoice &choice);
    void updateRequested();
    void rotateRequested();
    void logOutRequested();
    void refused(const QString &trouble);

private:
    void build();
    void buildOptions();
    void fill();
    void fillEntries();
    void showBlocking(BlockedSet offered);
    QString selected() const;
    void updateButtons();
    void add();

    QLabel *m_account;
    QLineEdit *m_search;
    QTreeWidget *m_tree;
    QComboBox *m_entry;
    QSpinBox *m_port;
    std::vector<std::pair<Blocked, QCheckBox *>> m_blocking;
    QLineEdit *m_dns;
    QPushButton *m_add;
    QPushButton *m_update;
    QPushButton *m_rotate;
    QPushButton *m_logOut;
    RelayList m_relays;
    int m_shownVersion = -1;
    bool m_isBusy = false;
};

} // namespace sallyport
