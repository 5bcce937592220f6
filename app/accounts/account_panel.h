// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/devices_step_page.h"
#include "app/accounts/log_in_page.h"
#include "app/accounts/relays_page.h"

#include <QStackedWidget>

namespace sallyport {

/// Accounts at providers: which one, then step by step. A plain widget, for a dialog or a wizard to hold. Asks nobody outside until
/// a button is pressed.
class AccountPanel : public QWidget {
    Q_OBJECT

public:
    explicit AccountPanel(const std::vector<AccountFlow *> &flows, QWidget *parent = nullptr);

    /// Looks for a known account of the provider in front.
    void open();
    AccountFlow &current() const;

Q_SIGNALS:
    void exitAdded(const QString &name);

private:
    void build();
    void connectPages();
    void render();
    void askBeforeLogOut();

    std::vector<AccountFlow *> m_flows;
    QComboBox *m_provider;
    QStackedWidget *m_steps;
    LogInPage *m_logIn;
    DevicesStepPage *m_devices;
    RelaysPage *m_relays;
    QLabel *m_state;
};

} // namespace sallyport
