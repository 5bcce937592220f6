// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/session/wishes.h"
#include "app/tray/tray_hosts.h"
#include "app/tray/tray_icon.h"
#include "app/window/main_window.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace sallyport {

class HelperClient;

/// Where the application shows itself: in the panel while something there shows icons, otherwise in its window. Carries
/// the wishes of both to the store and the store's state to both.
class Presence : public QObject {
    Q_OBJECT

public:
    /// `startHidden`: begin in the panel; where there is none, as a minimised window.
    Presence(Store &store, HelperClient &client, TrayHosts &hosts, PreferencesFile &preferences, bool startHidden);

    void start();
    void raise(const QString &token);
    MainWindow &window() { return m_window; }
    TrayIcon *tray() { return m_tray.get(); }

Q_SIGNALS:
    void quitRequested();

private:
    void connectTray();
    TrayStyle trayStyle() const;
    void render();
    void hostsLooked(bool isPresent);
    void showTray();
    void showWithoutTray();
    void closeWindow();

    Store &m_store;
    HelperClient &m_client;
    TrayHosts &m_hosts;
    PreferencesFile &m_preferences;
    Wishes m_wishes;
    MainWindow m_window;
    std::unique_ptr<TrayIcon> m_tray;
    QTimer m_patience; ///< autostart is faster than the panel
    bool m_startHidden;
    bool m_isStandIn = false; ///< the window shows only because the panel left
};

} // namespace sallyport
