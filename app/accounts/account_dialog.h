// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/account_panel.h"

#include <QDialog>

namespace sallyport {

/// The panel in a window of its own.
class AccountDialog : public QDialog {
    Q_OBJECT

public:
    explicit AccountDialog(const std::vector<AccountFlow *> &flows, QWidget *parent = nullptr);

    AccountPanel &panel() { return *m_panel; }

private:
    AccountPanel *m_panel;
};

} // namespace sallyport
