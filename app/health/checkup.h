// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/health.h"

namespace sallyport {

/// All that one check-up looked at.
struct Checkup {
    SystemFacts system;
    BusFacts bus;
};

} // namespace sallyport
