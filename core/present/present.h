// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/link.h"
#include "core/present/preferences.h"
#include "core/present/tray_model.h"

namespace sallyport {

/// Pure: what to show for this state of things. Texts are translated for the installed translators.
TrayModel present(const Snapshot &snapshot, const Link &link, const Habits &habits = {});

/// What to ask for when the Exit switch is used: on without a chosen exit takes the first one.
IntentChange exitSwitched(const Snapshot &snapshot, bool on);
IntentChange homeSwitched(bool on);
/// Choosing an exit is wanting it.
IntentChange exitChosen(const QString &name);
/// The one used last goes off, or on again.
IntentChange lastExitToggled(const Snapshot &snapshot, const Habits &habits);
IntentChange pausedFor(std::chrono::seconds length); ///< 0 ends a pause
IntentChange lockdownSwitched(bool on);
IntentChange pathPreferred(const PathPreference &path);

} // namespace sallyport
