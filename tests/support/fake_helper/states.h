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
};

/// off, home-on, exit-on, both, starting, stale, blocked, lockdown, failed, conflict or empty (nothing configured).
std::optional<World> worldNamed(const QString &name);
QVariantMap snapshotOf(const World &world);

} // namespace sallyport::test
