// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <QVariantMap>

namespace sallyport {

/// What `org.sallyport.Mesh1.GetLedger` answers; docs/dbus.md names the keys.
QVariantMap encodeLedger(const std::vector<LedgerPeer> &ledger);

/// Lenient: meshd may be newer. Peers without a valid key and candidates without a valid address are left out, unknown
/// words become the nearest default, numbers that cannot be are no numbers. Of another schema nothing is read.
std::vector<LedgerPeer> decodeLedger(const QVariantMap &map);

} // namespace sallyport
