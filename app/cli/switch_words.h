// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/requests.h"
#include "core/model/intent.h"
#include "core/model/snapshot.h"

/// What a switch asks for, when it is reached, and how its progress is told. Pure.
namespace sallyport::cli {

IntentChange changeOf(const SwitchRequest &request);
/// Home: its interface is up. Exit: it has answered. Off: off.
bool isReached(const SwitchRequest &request, const Snapshot &snapshot);
/// `Asking mullvad-se to answer… 3 s`
QString progressLine(const SwitchRequest &request, const Snapshot &snapshot, std::chrono::seconds since);
/// Why it was not reached, and what to do.
QString reasonLine(const SwitchRequest &request, const Snapshot &snapshot);
/// What stays as it is after Ctrl-C.
QString interruptedLine(const SwitchRequest &request, bool accepted);

} // namespace sallyport::cli
