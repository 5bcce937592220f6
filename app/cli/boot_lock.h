// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

/// What would block the internet again later: the guard of the next boot, and the switches that a helper would make true
/// when it starts. Needs write access to the helper's state folder.
namespace sallyport::cli {

/// True: there was such a file.
Result<bool> removeBootGuard();

/// Asks the next helper to start with Exit and lockdown off. False: no helper ever kept anything here.
Result<bool> askNextHelperToUnlock();

} // namespace sallyport::cli
