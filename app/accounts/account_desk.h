// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/account_dialog.h"
#include "app/pages/exits/exits_page.h"
#include "app/pages/settings/settings_page.h"
#include "app/providers/network_contacts.h"

namespace sallyport {

/// Brings providers, keyring and pages together: "Add account…" on the exits' page, network contacts in the settings.
class AccountDesk : public QObject {
    Q_OBJECT

public:
    AccountDesk(HelperClient &client, PreferencesFile &preferences, ExitsPage &exits, SettingsPage &settings);
    ~AccountDesk() override;

    NetworkContacts &contacts() { return m_contacts; }
    /// For whoever shows accounts elsewhere; they live as long as the desk.
    std::vector<AccountFlow *> flows() const;

public Q_SLOTS:
    void openDialog();

private:
    void addProvider(std::unique_ptr<Provider> provider, HelperClient &client);

    NetworkContacts m_contacts;
    std::unique_ptr<Keyring> m_keyring;
    std::vector<std::unique_ptr<Provider>> m_providers;
    std::vector<std::unique_ptr<AccountFlow>> m_flows;
    ExitsPage &m_exits;
    AccountDialog *m_dialog = nullptr; ///< of the window
};

} // namespace sallyport
