// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/account_desk.h"

#include "app/providers/ivpn.h"
#include "app/providers/mullvad.h"

#include <QStandardPaths>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString cacheFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + u"/sallyport"_s;
}

/// Where the person says that the provider is, else where it always was. Anything but https is refused when it is used.
HttpsBase baseOf(const PreferencesFile &preferences, const QString &provider, const QUrl &usual)
{
    const QString own = preferences.values().providerAddresses.value(provider);
    HttpsBase base;
    base.url = own.isEmpty() ? usual : QUrl(own);
    return base;
}

} // namespace

AccountDesk::AccountDesk(HelperClient &client, PreferencesFile &preferences, ExitsPage &exits, SettingsPage &settings)
    : m_contacts(preferences), m_keyring(desktopKeyring()), m_exits(exits)
{
    const RelayCache cache(cacheFolder());
    addProvider(
        std::make_unique<Mullvad>(m_contacts, baseOf(preferences, u"mullvad"_s, Mullvad::usualAddress()), cache),
        client);
    addProvider(
        std::make_unique<Ivpn>(m_contacts, baseOf(preferences, u"ivpn"_s, Ivpn::usualAddress()), cache), client);
    connect(&exits, &ExitsPage::accountRequested, this, &AccountDesk::openDialog);
    connect(&settings.contacts(), &ContactsList::allowRequested, &m_contacts, &NetworkContacts::allow);
    connect(&m_contacts, &NetworkContacts::changed, &settings,
        [this, &settings] { settings.contacts().show(m_contacts.list()); });
    settings.contacts().show(m_contacts.list());
}

AccountDesk::~AccountDesk() = default;

void AccountDesk::addProvider(std::unique_ptr<Provider> provider, HelperClient &client)
{
    m_flows.push_back(std::make_unique<AccountFlow>(AccountFlow::Parts{*provider, *m_keyring, client}));
    m_providers.push_back(std::move(provider));
}

std::vector<AccountFlow *> AccountDesk::flows() const
{
    std::vector<AccountFlow *> flows;
    for (const auto &flow : m_flows)
        flows.push_back(flow.get());
    return flows;
}

void AccountDesk::openDialog()
{
    if (!m_dialog)
        m_dialog = new AccountDialog(flows(), m_exits.window());
    m_dialog->show();
    m_dialog->raise();
    m_dialog->panel().open();
}

} // namespace sallyport
