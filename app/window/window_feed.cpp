// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/window/window_feed.h"

#include "core/present/present.h"

#include <QLocale>

namespace sallyport {

WindowFeed::WindowFeed(const Sources &sources, Wishes &wishes, MainWindow &window) : m_from(sources), m_window(window)
{
    connect(&m_from.store, &Store::changed, this, &WindowFeed::render);
    connect(&m_from.ledger, &LedgerStore::changed, this, &WindowFeed::render);
    connect(&m_from.preferences, &PreferencesFile::changed, this, &WindowFeed::render);
    connect(&m_window, &MainWindow::pageChanged, this, &WindowFeed::render);
    connect(&m_window, &MainWindow::visibilityChanged, this, [this](bool visible) {
        m_from.ledger.watch(visible);
        render();
    });
    connectPages(wishes);
    render();
}

void WindowFeed::connectPages(Wishes &wishes)
{
    const OverviewPage &overview = m_window.overview();
    connect(&overview, &OverviewPage::homeRequested, &wishes, &Wishes::switchHome);
    connect(&overview, &OverviewPage::exitRequested, &wishes, &Wishes::switchExit);
    const DevicesPage &devices = m_window.devices();
    connect(&devices, &DevicesPage::selectionChanged, this, &WindowFeed::renderDetails);
    connect(&devices, &DevicesPage::copyRequested, &wishes, &Wishes::copy);
    connect(&devices, &DevicesPage::exitChosen, &wishes, &Wishes::chooseExit);
    connect(&devices, &DevicesPage::pathPreferred, &wishes, &Wishes::preferPath);
    const ExitsPage &exits = m_window.exits();
    connect(&exits, &ExitsPage::searchChanged, this, &WindowFeed::renderExits);
    connect(&exits, &ExitsPage::exitChosen, &wishes, &Wishes::chooseExit);
    connect(&exits, &ExitsPage::favouriteToggled, &wishes, &Wishes::toggleFavourite);
}

void WindowFeed::render()
{
    if (!m_window.isVisible())
        return;
    switch (m_window.page()) {
    case PageId::Overview:
        return renderOverview();
    case PageId::Devices:
        return renderDevices();
    case PageId::Exits:
        return renderExits();
    case PageId::Picture:
        return m_window.picture().show(m_from.chronicle.moments());
    case PageId::Activity:
        return m_window.activity().show(m_from.chronicle.entries());
    case PageId::Diagnose:
    case PageId::Settings:
        return; // they have desks of their own
    }
}

void WindowFeed::renderOverview()
{
    const bool isKnown = m_from.store.link().state == Link::State::Connected;
    const TrayModel model = present(m_from.store.snapshot(), m_from.store.link());
    OverviewModel overview;
    overview.home = model.home;
    overview.exit = model.exit;
    overview.sentence = model.sentence == model.trouble.what ? QString() : model.sentence;
    if (isKnown) {
        overview.homeTraffic = m_from.chronicle.homeTraffic();
        overview.exitTraffic = m_from.chronicle.exitTraffic();
        overview.ticks = proofOf(m_from.store.snapshot(), m_from.ledger.ledger());
        //: %1 is a time of day
        overview.checked = tr("seen %1").arg(QLocale().toString(m_from.chronicle.lastLook().time(), u"HH:mm:ss"));
    }
    m_window.overview().show(overview);
}

void WindowFeed::renderDevices()
{
    const bool isKnown = m_from.store.link().state == Link::State::Connected;
    const std::vector<LedgerPeer> &ledger = m_from.ledger.ledger();
    m_window.devices().show(
        isKnown ? deviceRows(m_from.store.snapshot(), ledger) : std::vector<DeviceRow>(), emptyDevices());
    renderDetails();
}

void WindowFeed::renderDetails()
{
    DevicesPage &page = m_window.devices();
    page.showDetails(deviceDetails(m_from.store.snapshot(), m_from.ledger.ledger(), page.selected()));
}

void WindowFeed::renderExits()
{
    ExitsPage &page = m_window.exits();
    const bool isKnown = m_from.store.link().state == Link::State::Connected;
    page.show(isKnown ? exitSections(
                  m_from.store.snapshot(), m_from.store.link(), m_from.preferences.values().habits, page.search())
                      : std::vector<ExitSection>(),
        emptyExits());
}

QString WindowFeed::emptyDevices() const
{
    const HomeSnapshot &home = m_from.store.snapshot().home;
    if (m_from.store.link().state != Link::State::Connected)
        return tr("Nothing is known of your devices while the background service is away.");
    if (!home.configured)
        return tr("Home is not set up yet. “sally apply FILE” sets it up.");
    return home.enabled ? tr("There is no other device yet.") : tr("Home is off. Switch it on to see your devices.");
}

QString WindowFeed::emptyExits() const
{
    if (m_from.store.link().state != Link::State::Connected)
        return tr("Nothing is known of your exits while the background service is away.");
    return m_window.exits().search().isEmpty() ? tr("There is no exit yet. Add an account, or “sally import FILE”.")
                                               : tr("No exit is called that.");
}

} // namespace sallyport
