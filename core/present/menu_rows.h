// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/preferences.h"
#include "core/present/tray_model.h"

namespace sallyport {

/// Favourites, then recent ones, then as many others as a menu can hold without scrolling.
std::vector<ExitRow> menuExits(const ExitSnapshot &exit, const Habits &habits);
/// Those that answer first; by name within each half.
std::vector<DeviceEntry> menuDevices(const Snapshot &snapshot);
PauseModel pauseModel(const Snapshot &snapshot);
LockdownModel lockdownModel(const Snapshot &snapshot);

} // namespace sallyport
