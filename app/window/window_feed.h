// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/ledger_store.h"
#include "app/session/chronicle.h"
#include "app/session/wishes.h"
#include "app/window/main_window.h"

namespace sallyport {

/// Makes what the page in front shows out of what is known, and carries wishes from the pages. A page that nobody looks
/// at costs nothing.
class WindowFeed : public QObject {
    Q_OBJECT

public:
    struct Sources {
        Store &store;
        Chronicle &chronicle;
        LedgerStore &ledger;
        PreferencesFile &preferences;
    };

    WindowFeed(const Sources &sources, Wishes &wishes, MainWindow &window);

private:
    void connectPages(Wishes &wishes);
    void render();
    void renderOverview();
    void renderDevices();
    void renderDetails();
    void renderExits();
    QString emptyDevices() const;
    QString emptyExits() const;

    Sources m_from;
    MainWindow &m_window;
};

} // namespace sallyport
