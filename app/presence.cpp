// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/presence.h"

#include "app/client/helper_client.h"
#include "core/present/present.h"

#include <QApplication>

#include <chrono>
#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_seconds now()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// GNOME's panel is dark whatever the theme, and its own icons have one colour. Other panels do not tell.
bool isGnome()
{
    return qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':').contains(u"GNOME"_s);
}

} // namespace

Presence::Presence(const Parts &parts, bool startHidden)
    : m_parts(parts), m_chronicle(parts.store), m_ledger(parts.bus), m_policy(parts.client),
      m_wishes(parts.store, parts.preferences),
      m_feed({parts.store, m_chronicle, m_ledger, parts.preferences}, m_wishes, m_window),
      m_diagnose(parts.bus, parts.client, m_window.diagnose()),
      m_settings(m_policy, parts.preferences, parts.autostart, m_window.settings()),
      m_setup({parts.client, parts.store, parts.autostart, parts.setupDraft, now}),
      m_accounts(parts.client, parts.preferences, m_window.exits(), m_window.settings()), m_startHidden(startHidden)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(10s);
    connect(&m_parts.store, &Store::changed, this, &Presence::render);
    connect(&m_parts.preferences, &PreferencesFile::changed, this, &Presence::render);
    connect(&m_parts.hosts, &TrayHosts::looked, this, &Presence::hostsLooked);
    connect(&m_patience, &QTimer::timeout, this, &Presence::showWithoutTray);
    connect(&m_chronicle, &Chronicle::happened, this, &Presence::notify);
    connect(&m_policy, &PolicyStore::refused, &m_parts.store, &Store::showRefusal);
    connectWindow();
}

void Presence::connectWindow()
{
    connect(&m_window, &MainWindow::troubleDismissed, &m_parts.store, &Store::dismissRefusal);
    connect(&m_window, &MainWindow::visibilityChanged, this, &Presence::watch);
    connect(&m_setup, &SetupDesk::watchChanged, this, &Presence::watch);
    connect(&m_setup, &SetupDesk::accountRequested, &m_accounts, &AccountDesk::openDialog);
    connect(&m_window, &MainWindow::setupRequested, &m_setup, &SetupDesk::open);
    connect(&m_window, &MainWindow::filesDropped, &m_setup, &SetupDesk::openFiles);
    connect(&m_window, &MainWindow::closeRequested, this, &Presence::closeWindow);
    connect(&m_window, &MainWindow::pageChanged, this, &Presence::openPage);
    connect(&m_window, &MainWindow::hintUnderstood, this, [this] {
        Preferences values = m_parts.preferences.values();
        values.explainedMissingTray = true;
        m_parts.preferences.change(values);
    });
}

/// Handshakes and counters are told only to who asks for them.
void Presence::watch()
{
    const bool wanted = m_window.isVisible() || m_setup.needsWatch();
    if (std::exchange(m_isWatching, wanted) != wanted)
        m_parts.client.watch(wanted);
}

void Presence::openPage(PageId page)
{
    if (page == PageId::Diagnose)
        m_diagnose.open();
    if (page == PageId::Settings)
        m_settings.open();
}

/// What the person sees in the window needs no second telling.
void Presence::notify(const std::vector<Change> &changes)
{
    if (!m_tray || m_window.isActiveWindow())
        return;
    QStringList sentences;
    for (const Change &change : changes) {
        if (isWanted(change, m_parts.preferences.values().notices))
            sentences += change.sentence;
    }
    if (sentences.isEmpty())
        return;
    m_tray->item().showMessage(tr("Sallyport"), sentences.join(u'\n'), QApplication::windowIcon());
    Q_EMIT noticed(sentences.join(u'\n'));
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
    connect(&menu, &TrayMenu::exitsPageRequested, this, [this] {
        raise({});
        m_window.setPage(PageId::Exits);
    });
    connect(&menu, &TrayMenu::setupRequested, &m_setup, &SetupDesk::open);
    connect(&menu, &TrayMenu::quitRequested, this, &Presence::quitRequested);
    connect(m_tray.get(), &TrayIcon::windowRequested, this, [this] { raise({}); });
    connect(m_tray.get(), &TrayIcon::lastExitToggled, &m_wishes, &Wishes::toggleLastExit);
}

TrayStyle Presence::trayStyle() const
{
    switch (m_parts.preferences.values().iconStyle) {
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
    m_parts.hosts.start();
    m_setup.begin(!m_startHidden);
    m_parts.store.start();
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
    const Link &link = m_parts.store.link();
    const TrayModel model = present(m_parts.store.snapshot(), link, m_parts.preferences.values().habits);
    m_window.showTrouble(model.trouble, link.refusal.has_value() && link.state == Link::State::Connected);
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
}

void Presence::showTray()
{
    m_patience.stop();
    m_window.showHint({});
    m_tray = std::make_unique<TrayIcon>(trayStyle());
    connectTray();
    if (std::exchange(m_isStandIn, false) && m_window.isMinimized())
        m_window.hide();
    render();
}

/// Once; whoever has read it knows.
void Presence::explainMissingTray()
{
    if (m_parts.preferences.values().explainedMissingTray)
        return;
    m_window.showHint(
        tr("Nothing on this desktop shows icons of programs, so both switches are in this window. Closing "
           "it ends Sallyport; what is switched on stays on. On GNOME, the extension “AppIndicator and "
           "KStatusNotifierItem Support” shows the icon."));
}

void Presence::showWithoutTray()
{
    const bool hadTray = m_tray != nullptr;
    m_tray.reset();
    explainMissingTray();
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
