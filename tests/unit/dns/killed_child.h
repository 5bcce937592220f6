// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

namespace sallyport::test {

enum class ChildEnd { Killed, Ended, Failed };

/// Runs `work` in a child and kills it with SIGKILL as it enters or leaves its system call number `step` (from 0).
/// Ended: it made fewer than that. Failed: it could not be run.
ChildEnd runKilledAt(int step, const std::function<void()> &work);

} // namespace sallyport::test
