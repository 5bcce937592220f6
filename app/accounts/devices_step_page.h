// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/account_flow.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>

namespace sallyport {

/// The account is full: which device goes? Never chosen beforehand.
class DevicesStepPage : public QWidget {
    Q_OBJECT

public:
    explicit DevicesStepPage(QWidget *parent = nullptr);

    void show(const ProviderTraits &traits, const AccountModel &model);
    using QWidget::show;

Q_SIGNALS:
    void replaceRequested(const QString &id);
    void backRequested();

private:
    void updateButton();

    QLabel *m_question;
    QListWidget *m_list;
    QPushButton *m_replace;
    bool m_isBusy = false;
};

} // namespace sallyport
