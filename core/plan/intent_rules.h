// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"

namespace sallyport {

/// The intent after a change that was made at `now`. Switching Exit on without a name takes the one chosen last, or the
/// only one there is. Touching what is paused ends the pause; pausing what is off does nothing.
/// Fails with UnknownName or NotConfigured.
Result<Intent> changedIntent(
    const Intent &before, const IntentChange &change, const Configuration &configuration, std::chrono::sys_seconds now);

/// What remains of an intent under a new configuration: a switch whose object is gone is off, and nothing is said any more
/// about the ways to a device that is gone.
Intent intentFor(const Intent &before, const Configuration &configuration);

/// What a person said about the ways to one device.
std::vector<std::pair<HostEndpoint, Preference>> preferencesOf(const Intent &intent, const QString &device);

} // namespace sallyport
