// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/provider/account.h"
#include "core/provider/blocking.h"
#include "core/provider/relay.h"

namespace sallyport {

/// What a person chose of a provider's list.
struct ExitChoice {
    QString exit; ///< the relay's host name
    QString entry; ///< multihop: where the tunnel goes in; empty: the same
    quint16 port = 0; ///< of the relay; 0: the usual one. A multihop has its own.
    bool useIpv6 = false; ///< reach the relay by IPv6
    BlockedSet blocked = 0;
    std::vector<IpAddress> dns; ///< instead of the provider's

    bool operator==(const ExitChoice &) const = default;
};

/// The same values that a `.conf` of the provider gives.
Result<Exit> exitOf(
    const QString &provider, const ProviderDevice &device, const RelayList &list, const ExitChoice &choice);
/// `se-sto-wg-001`, `se-sto-wg-001 via no-osl-wg-003`
QString exitNameOf(const ExitChoice &choice);

/// With another name where an exit of somebody else has that one.
Exit withFreeName(const Configuration &configuration, Exit exit);
/// Puts it in the place of the exit of that name, else at the end.
Configuration withExit(Configuration configuration, const Exit &exit);
/// Of the exits whose key is that of the provider's device: their new addresses.
Configuration withRotatedDevice(
    Configuration configuration, const std::vector<InterfaceAddress> &before, const ProviderDevice &now);
/// The exits that use a device with these addresses.
QStringList exitsOf(const Configuration &configuration, const std::vector<InterfaceAddress> &addresses);
Configuration withoutExits(Configuration configuration, const QStringList &names);

} // namespace sallyport
