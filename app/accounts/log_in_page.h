// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/account_flow.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QWidget>

namespace sallyport {

/// An account's number, and a code where the provider wants one.
class LogInPage : public QWidget {
    Q_OBJECT

public:
    explicit LogInPage(QWidget *parent = nullptr);

    void show(const ProviderTraits &traits, const AccountModel &model);
    /// What was typed leaves the screen.
    void clear();
    using QWidget::show;

Q_SIGNALS:
    void logInRequested(const QString &account, const QString &secondFactor);

private:
    void submit();

    QLabel *m_explanation;
    QLineEdit *m_account;
    QLabel *m_codeLabel;
    QLineEdit *m_code;
    QPushButton *m_logIn;
};

} // namespace sallyport
