// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/presence.h"

#include "app/client/helper_client.h"
#include "core/present/present.h"

#include <QWindow>

#include <chrono>
#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// GNOME's panel is dark whatever the theme, and its own icons have one colour. Other panels do not tell.
bool isGnome()
{
    return qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':').contains(u"GNOME"_s);
}

} // namespace

Presence::Presence(Store &store, HelperClient &client, TrayHosts &hosts, PreferencesFile &preferences, bool startHidden)
    : m_store(store), m_client(client), m_hosts(hosts), m_preferences(preferences), m_wishes(store, preferences),
      m_startHidden(startHidden)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(10s);
    connect(&m_store, &Store::changed, this, &Presence::render);
    connect(&m_hosts, &TrayHosts::looked, this, &Presence::hostsLooked);
    connect(&m_patience, &QTimer::timeout, this, &Presence::showWithoutTray);
    connect(&m_window, &MainWindow::homeRequested, &m_wishes, &Wishes::switchHome);
    connect(&m_window, &MainWindow::exitRequested, &m_wishes, &Wishes::switchExit);
    connect(&m_window, &MainWindow::exitChosen, &m_wishes, &Wishes::chooseExit);
    connect(&m_preferences, &PreferencesFile::changed, this, &Presence::render);
    connect(&m_window, &MainWindow::troubleDismissed, &m_store, &Store::dismissRefusal);
    connect(&m_window, &MainWindow::visibilityChanged, this, [this](bool visible) { m_client.watch(visible); });
    connect(&m_window, &MainWindow::closeRequested, this, &Presence::closeWindow);
}

void Presence::connectTray()
{
    const TrayMenu &menu = m_tray->menu();
    connect(&menu, &TrayMenu::homeRequested, &m_wishes, &Wishes::switchHome);
    connect(&menu, &TrayMenu::exitRequested, &m_wishes, &Wishes::switchExit);
    connect(&menu, &TrayMenu::exitChosen, &m_wishes, &Wishes::chooseExit);
    connect(&menu, &TrayMenu::pauseRequested, &m_wishes, &Wishes::pause);
    connect(&menu, &TrayMenu::lockdownRequested, &m_wishes, &Wishes::switchLockdown);
    connect(&menu, &TrayMenu::copyRequested, &m_wishes, &Wishes::copy);
    connect(&menu, &TrayMenu::windowRequested, this, [this] { raise({}); });
    connect(&menu, &TrayMenu::exitsPageRequested, this, [this] { raise({}); });
    connect(&menu, &TrayMenu::quitRequested, this, &Presence::quitRequested);
    connect(m_tray.get(), &TrayIcon::windowRequested, this, [this] { raise({}); });
    connect(m_tray.get(), &TrayIcon::lastExitToggled, &m_wishes, &Wishes::toggleLastExit);
}

TrayStyle Presence::trayStyle() const
{
    switch (m_preferences.values().iconStyle) {
    case IconStyle::Automatic:
        return {isGnome() ? Ground::Dark : Ground::Unknown, isGnome()};
    case IconStyle::Coloured:
        return {Ground::Unknown, false};
    case IconStyle::LightOnDark:
        return {Ground::Dark, true};
    case IconStyle::DarkOnLight:
        return {Ground::Light, true};
    }
    Q_UNREACHABLE();
}

void Presence::start()
{
    render();
    if (!m_startHidden)
        m_window.show();
    m_patience.start();
    m_hosts.start();
    m_store.start();
}

void Presence::raise(const QString &token)
{
    // Where Qt's Wayland backend looks for it; without one the compositor may refuse the focus.
    if (!token.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", token.toUtf8());
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void Presence::render()
{
    const TrayModel model = present(m_store.snapshot(), m_store.link(), m_preferences.values().habits);
    m_window.show(model, m_store.link().refusal.has_value() && m_store.link().state == Link::State::Connected);
    if (!m_tray)
        return;
    m_tray->setStyle(trayStyle());
    m_tray->show(model);
}

void Presence::hostsLooked(bool isPresent)
{
    if (isPresent && !m_tray)
        showTray();
    else if (!isPresent && m_tray)
        showWithoutTray();
    else if (!isPresent && !m_startHidden)
        m_patience.stop(); // the window is there already
}

void Presence::showTray()
{
    m_patience.stop();
    m_tray = std::make_unique<TrayIcon>(trayStyle());
    connectTray();
    if (std::exchange(m_isStandIn, false) && m_window.isMinimized())
        m_window.hide();
    render();
}

void Presence::showWithoutTray()
{
    const bool hadTray = m_tray != nullptr;
    m_tray.reset();
    if (m_window.isVisible())
        return;
    // Nobody asked for a window now; it must only be possible to find it.
    m_isStandIn = m_startHidden || hadTray;
    if (m_isStandIn)
        m_window.showMinimized();
    else
        m_window.show();
}

/// Without a panel there would be no way back to a closed window.
void Presence::closeWindow()
{
    if (m_tray)
        m_window.hide();
    else
        Q_EMIT quitRequested();
}

} // namespace sallyport
