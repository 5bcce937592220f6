// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"

namespace sallyport {

/// The intent after a change. Switching Exit on without a name takes the one chosen last, or the only one there is.
/// Fails with UnknownName, NotConfigured, or UnsupportedRequirement for switches that this version does not have.
Result<Intent> changedIntent(const Intent &before, const IntentChange &change, const Configuration &configuration);

/// What remains of an intent under a new configuration: a switch whose object is gone is off, and nothing is said any more
/// about the ways to a device that is gone.
Intent intentFor(const Intent &before, const Configuration &configuration);

/// What a person said about the ways to one device.
std::vector<std::pair<HostEndpoint, Preference>> preferencesOf(const Intent &intent, const QString &device);

} // namespace sallyport
