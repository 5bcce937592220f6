// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/policy_store.h"
#include "app/pages/settings/settings_page.h"
#include "app/session/autostart.h"
#include "app/session/preferences_file.h"

#include <QObject>

namespace sallyport {

/// Knows where each setting is kept: at the helper, in the preferences, or in the desktop's autostart folder.
class SettingsDesk : public QObject {
    Q_OBJECT

public:
    SettingsDesk(PolicyStore &policy, PreferencesFile &preferences, Autostart autostart, SettingsPage &page);

    /// When the page is looked at: others may have changed what it shows.
    void open();

private:
    void render();
    void setAutostart(bool on);
    void setNotices(const Notices &notices);
    void setIconStyle(IconStyle style);

    PolicyStore &m_policy;
    PreferencesFile &m_preferences;
    Autostart m_autostart;
    SettingsPage &m_page;
    QString m_trouble;
};

} // namespace sallyport
