// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command_line.h"
#include "app/cli/requests.h"

namespace sallyport::cli {

/// `device list|show|add|remove`.
Result<Request> parseDevice(const Line &line);

} // namespace sallyport::cli
