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

Presence::Presence(Store &store, HelperClient &client, TrayHosts &hosts, bool startHidden, QObject *parent)
    : QObject(parent), m_store(store), m_client(client), m_hosts(hosts), m_startHidden(startHidden)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(10s);
    connect(&m_store, &Store::changed, this, &Presence::render);
    connect(&m_hosts, &TrayHosts::looked, this, &Presence::hostsLooked);
    connect(&m_patience, &QTimer::timeout, this, &Presence::showWithoutTray);
    connectSwitches(m_window);
    connect(&m_window, &MainWindow::troubleDismissed, &m_store, &Store::dismissRefusal);
    connect(&m_window, &MainWindow::visibilityChanged, this, [this](bool visible) { m_client.watch(visible); });
    connect(&m_window, &MainWindow::closeRequested, this, &Presence::closeWindow);
}

template<class Source>
void Presence::connectSwitches(Source &source)
{
    connect(&source, &Source::homeRequested, this, [this](bool on) { m_store.request(homeSwitched(on)); });
    connect(&source, &Source::exitRequested, this,
        [this](bool on) { m_store.request(exitSwitched(m_store.snapshot(), on)); });
    connect(&source, &Source::exitChosen, this, [this](const QString &name) { m_store.request(exitChosen(name)); });
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
    const TrayModel model = present(m_store.snapshot(), m_store.link());
    m_window.show(model, m_store.link().refusal.has_value() && m_store.link().state == Link::State::Connected);
    if (m_tray)
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
    const bool gnome = isGnome();
    m_tray = std::make_unique<TrayIcon>(gnome ? Ground::Dark : Ground::Unknown, gnome);
    connectSwitches(*m_tray);
    connect(m_tray.get(), &TrayIcon::windowRequested, this, [this] { raise({}); });
    connect(m_tray.get(), &TrayIcon::quitRequested, this, &Presence::quitRequested);
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
