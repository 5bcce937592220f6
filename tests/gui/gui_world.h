// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/helper_client.h"
#include "app/presence.h"
#include "tests/gui/test_bus.h"

#include <QLabel>
#include <QTemporaryDir>

namespace sallyport::test {

constexpr int kPatienceMs = 10000;

/// The whole application but its main(), against the fake helper; no panel.
struct World {
    explicit World(const QStringList &arguments = {})
        : helper(bus, arguments), connection(bus.connect()), client(connection), store(client), hosts(connection),
          preferences(folder.filePath(QStringLiteral("preferences.json"))),
          presence({connection, client, store, hosts, preferences, {folder.path(), QStringLiteral("/opt/sally port")}},
              false)
    {
        presence.start();
    }

    MainWindow &window() { return presence.window(); }
    bool isConnected() const { return store.link().state == Link::State::Connected; }
    QList<SwitchCard *> cards() { return presence.window().findChildren<SwitchCard *>(); }
    SwitchCard *card(const QString &title)
    {
        for (SwitchCard *one : cards()) {
            if (one->accessibleName() == title)
                return one;
        }
        return nullptr;
    }
    SwitchCard *home() { return card(QStringLiteral("Home")); }
    SwitchCard *exit() { return card(QStringLiteral("Exit")); }
    /// All that can be read in the window now.
    QString text()
    {
        QStringList texts;
        for (const QLabel *label : presence.window().findChildren<QLabel *>()) {
            if (label->isVisible())
                texts += label->text();
        }
        return texts.join(u'\n');
    }

    TestBus bus;
    FakeHelperProcess helper;
    QDBusConnection connection;
    HelperClient client;
    Store store;
    TrayHosts hosts;
    QTemporaryDir folder;
    PreferencesFile preferences;
    Presence presence;
};

} // namespace sallyport::test
