// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"

namespace sallyport {

/// The one thing core asks of the world. Two implementations: LinuxKernel in helper/, FakeKernel in tests/support/.
/// Not thread-safe; calls block until the kernel has acknowledged (bounded: 1 s per request).
class Kernel {
public:
    virtual ~Kernel() = default;
    virtual Result<ObservedState> observe() = 0;
    virtual Result<Done> execute(const Operation &operation) = 0;
};

/// Runs the operations in order and stops at the first refusal.
Result<Done> run(const std::vector<Operation> &operations, Kernel &kernel);

} // namespace sallyport
