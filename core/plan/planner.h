// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"

namespace sallyport {

/// Turns what is into what is desired. Pure. Order (plumbing.md section 6.5): settings, tables, underlay rules, links
/// with keys and peers, addresses, up, routes, then the rules that send payload into them; taking away runs the other
/// way round, and additions precede removals wherever a gap could leak. Planning again after a complete run yields
/// nothing.
Plan plan(const DesiredState &desired, const ObservedState &observed);

} // namespace sallyport
