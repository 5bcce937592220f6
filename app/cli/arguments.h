// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/requests.h"

namespace sallyport::cli {

/// `words` are the arguments without the program's name. Every error is a usage error: one sentence with advice.
Result<Request> parseArguments(const QStringList &words);

} // namespace sallyport::cli
