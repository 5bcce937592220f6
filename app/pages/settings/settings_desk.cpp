// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/settings/settings_desk.h"

#include <utility>

namespace sallyport {

SettingsDesk::SettingsDesk(PolicyStore &policy, PreferencesFile &preferences, Autostart autostart, SettingsPage &page)
    : m_policy(policy), m_preferences(preferences), m_autostart(std::move(autostart)), m_page(page)
{
    if (!preferences.keptAside().isEmpty())
        m_trouble = tr("The preferences could not be read, so they begin anew. The old file is kept as %1.")
                        .arg(preferences.keptAside());
    connect(&m_policy, &PolicyStore::changed, this, &SettingsDesk::render);
    connect(&m_preferences, &PreferencesFile::changed, this, &SettingsDesk::render);
    connect(&m_preferences, &PreferencesFile::notSaved, this, [this](const QString &path) {
        m_trouble = tr("What you changed could not be saved in %1; it holds until Sallyport ends.").arg(path);
    });
    connect(&m_page, &SettingsPage::startAtLoginRequested, this, &SettingsDesk::setAutostart);
    connect(&m_page, &SettingsPage::allowLanRequested, &m_policy, &PolicyStore::setAllowLan);
    connect(&m_page, &SettingsPage::noticesRequested, this, &SettingsDesk::setNotices);
    connect(&m_page, &SettingsPage::iconStyleRequested, this, &SettingsDesk::setIconStyle);
    render();
}

void SettingsDesk::open()
{
    m_policy.refresh();
    render();
}

void SettingsDesk::render()
{
    const Preferences &values = m_preferences.values();
    m_page.show(
        {m_autostart.isOn(), m_policy.allowLan(), m_policy.isPending(), values.notices, values.iconStyle, m_trouble});
}

void SettingsDesk::setAutostart(bool on)
{
    const auto done = m_autostart.set(on);
    m_trouble = done ? QString() : tr("%1 could not be changed: %2.").arg(done.error().place, done.error().detail);
    render();
}

void SettingsDesk::setNotices(const Notices &notices)
{
    Preferences values = m_preferences.values();
    values.notices = notices;
    m_preferences.change(values);
}

void SettingsDesk::setIconStyle(IconStyle style)
{
    Preferences values = m_preferences.values();
    values.iconStyle = style;
    m_preferences.change(values);
}

} // namespace sallyport
