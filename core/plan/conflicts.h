// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "core/model/snapshot.h"

namespace sallyport {

/// What other programs on the machine do to the switches that are on: at most one for each program, with one piece of
/// advice. What only could become a conflict is none: a person who followed the advice is not told again.
std::vector<Conflict> conflictsOf(
    const Configuration &configuration, const Intent &intent, const ObservedState &observed);

/// For rules of ours that somebody else keeps removing or overtaking, so that they are left alone for a while.
Conflict fightOver(const ObservedState &observed);

} // namespace sallyport
