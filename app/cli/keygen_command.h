// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/console.h"
#include "app/cli/requests.h"

namespace sallyport::cli {

/// `keygen`. The private key goes from locked memory to standard output or the new file, and nowhere else.
ExitCode generateKey(const KeygenRequest &request, Console &console);

} // namespace sallyport::cli
