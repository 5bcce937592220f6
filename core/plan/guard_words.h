// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "core/model/snapshot.h"

namespace sallyport {

/// What the guard lets through, from what was wanted, from what is, and from the switches as the user sees them: one
/// sentence says what is blocked, why, what to do, and what is allowed.
GuardSnapshot guardSnapshot(const Configuration &configuration, const Intent &intent, const ObservedState &observed,
    const HomeSnapshot &home, const ExitSnapshot &exit);

/// While Exit and lockdown rest.
GuardSnapshot pausedGuard(std::chrono::sys_seconds until);

} // namespace sallyport
