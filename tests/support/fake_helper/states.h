// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QVariantMap>

#include <optional>

/// Snapshots as docs/dbus.md describes them, written by hand: the tests of a front end must not ask the product's own
/// encoder what is right.
namespace sallyport::test {

struct World {
    quint64 revision = 1;
    bool isConfigured = true;
    bool home = false;
    bool exit = false;
    QString exitName;
    QString homePhase; ///< empty: up or off, as `home` says
    QString exitPhase;
    QString guard; ///< empty: as the exit says
    QVariantMap lastError;
    QVariantList conflicts;
    qulonglong receivedBytes = 0;
    int devices = 2; ///< the first of them answers
    QString via = QStringLiteral("lan");
    bool lockdown = false;
    qint64 pausedUntil = 0;
    QStringList exits{QStringLiteral("mullvad-se"), QStringLiteral("mullvad-de"), QStringLiteral("nas")};
    bool allowLan = true;
    QVariantList newPeers; ///< those that were configured and have shaken hands
};

/// off, home-on, exit-on, both, away, starting, stale, blocked, lockdown, paused, failed, conflict, silent-device, crowd
/// (a thousand devices), provider (many exits) or empty (nothing configured).
std::optional<World> worldNamed(const QString &name);
QVariantMap snapshotOf(const World &world);

} // namespace sallyport::test
