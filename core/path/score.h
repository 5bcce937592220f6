// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_candidate.h"

namespace sallyport {

/// What a kind of path costs beside its round trip.
std::chrono::microseconds penaltyOf(PathKind kind, const PathPolicy &policy);
/// Round trip and penalties; less is better. Only of a candidate that was measured.
std::chrono::microseconds scoreOf(const PathCandidate &candidate, bool isMetered, const PathPolicy &policy);
/// By enough that a measurement's noise is not it.
bool isClearlyBetter(std::chrono::microseconds other, std::chrono::microseconds inUse, const PathPolicy &policy);

} // namespace sallyport
