// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"

namespace sallyport {

/// The part of a plan that concerns the tunnels themselves.
struct LinkPlan {
    std::vector<Operation> grow; ///< before routes lead into the tunnel
    std::vector<Operation> shrink; ///< after no route leads there any more
    std::vector<Operation> remove; ///< only frees resources
};

LinkPlan planLinks(const DesiredState &desired, const ObservedState &observed);

} // namespace sallyport
