// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

namespace sallyport::cli {

/// What scripts can rely on (design section 7).
enum class ExitCode {
    Done = 0,
    Failed = 1,
    Usage = 2,
    NotAuthorized = 3,
    NoHelper = 4,
    NotConnected = 5, ///< blocked, or the state that was asked for was not reached in time
    Interrupted = 130, ///< what shells report for Ctrl-C
};

ExitCode exitCodeOf(const Error &error);

} // namespace sallyport::cli
