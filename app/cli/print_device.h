// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/print_status.h"
#include "core/model/configuration.h"
#include "core/model/intent.h"

/// One device in full. Pure.
namespace sallyport::cli {

struct DeviceFacts {
    const Device &device;
    bool isThisMachine = false;
    const HomeSnapshot &home;
    const Ledger &ledger;
};

QStringList deviceShowLines(const DeviceFacts &facts);
/// The form of the configuration file, with what is beside it: `phase`, `endpoint`, `via`, `handshakeAgeSeconds`, `rxBytes`,
/// `txBytes`, `rttMilliseconds`, `candidates`.
QVariantMap deviceShowMap(const DeviceFacts &facts);

/// `nas is reached at 10.41.1.4:53333 only.`
QString pathSentence(const PathPreference &path);

} // namespace sallyport::cli
