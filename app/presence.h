// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/account_desk.h"
#include "app/client/policy_store.h"
#include "app/pages/diagnose/diagnose_desk.h"
#include "app/pages/settings/settings_desk.h"
#include "app/tray/tray_hosts.h"
#include "app/tray/tray_icon.h"
#include "app/window/window_feed.h"
#include "app/wizard/setup_desk.h"

#include <QTimer>

#include <memory>

namespace sallyport {

/// Where the application shows itself: in the panel while something there shows icons, otherwise in its window.
class Presence : public QObject {
    Q_OBJECT

public:
    struct Parts {
        QDBusConnection bus; ///< where the services are
        HelperClient &client;
        Store &store;
        TrayHosts &hosts;
        PreferencesFile &preferences;
        Autostart autostart;
        QString setupDraft = {}; ///< where the wizard keeps what is left half-way; empty: nowhere
    };

    /// `startHidden`: begin in the panel; where there is none, as a minimised window.
    Presence(const Parts &parts, bool startHidden);

    void start();
    /// How long after the start a panel may still come; 10 s unless changed before.
    void setPatience(std::chrono::milliseconds patience) { m_patience.setInterval(patience); }
    void raise(const QString &token);
    MainWindow &window() { return m_window; }
    TrayIcon *tray() { return m_tray.get(); }
    DiagnoseDesk &diagnose() { return m_diagnose; }
    SetupDesk &setup() { return m_setup; }
    AccountDesk &accounts() { return m_accounts; }

Q_SIGNALS:
    void quitRequested();
    /// The person is being told this.
    void noticed(const QString &text);

private:
    void connectWindow();
    void connectTray();
    void watch();
    void openPage(PageId page);
    void notify(const std::vector<Change> &changes);
    TrayStyle trayStyle() const;
    void render();
    void hostsLooked(bool isPresent);
    void showTray();
    void explainMissingTray();
    void showWithoutTray();
    void closeWindow();

    Parts m_parts;
    Chronicle m_chronicle;
    LedgerStore m_ledger;
    PolicyStore m_policy;
    Wishes m_wishes;
    MainWindow m_window;
    WindowFeed m_feed;
    DiagnoseDesk m_diagnose;
    SettingsDesk m_settings;
    SetupDesk m_setup;
    AccountDesk m_accounts;
    std::unique_ptr<TrayIcon> m_tray;
    QTimer m_patience; ///< autostart is faster than the panel
    bool m_startHidden;
    bool m_isWatching = false;
    bool m_isStandIn = false; ///< the window shows only because the panel left
};

} // namespace sallyport
