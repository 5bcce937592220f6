// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/selection.h"
#include "tests/unit/path/sim_site.h"

namespace sallyport::sim {

/// With SALLYPORT_PATH_TRACE every input and request of every device is printed.
bool isTraced();
void trace(Time now, int device, const PathInput &input);
void trace(Time now, int device, const PathRequest &request);

} // namespace sallyport::sim
