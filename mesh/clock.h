// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

namespace sallyport::mesh {

/// CLOCK_BOOTTIME: runs on while the machine sleeps, and nobody can set it.
PathTime bootTime();
/// How long the machine has slept since it was booted.
std::chrono::microseconds timeAsleep();

} // namespace sallyport::mesh
