// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

namespace sallyport {

/// Where the adapters find what is not reached through a socket of the kernel.
struct Paths {
    QString hosts = QStringLiteral("/etc/hosts");
    /// The values of settings from before us. They do not outlive a reboot, so neither need the journal.
    QString settingsJournal = QStringLiteral("/run/sallyport/settings.journal");
    /// Read by an early-boot unit with `nft -f`.
    QString bootGuard = QStringLiteral("/var/lib/sallyport/lockdown.nft");
    QString sysctlRoot = QStringLiteral("/proc/sys/net");
    QString wireguardSockets = QStringLiteral("/var/run/wireguard"); ///< fixed by the programs themselves
    QString wireguardProgram = QStringLiteral("/usr/bin/wireguard-go");
    QString tunDevice = QStringLiteral("/dev/net/tun");
};

} // namespace sallyport
