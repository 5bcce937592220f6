// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/probe/probe.h"

#include <optional>
#include <span>

namespace sallyport {

inline constexpr std::size_t kBoxSize = 80;

/// What is inside the seal: a probe as bytes, little-endian, filled up with zeroes. `held` is at most what 32 bits hold
/// (71 minutes).
std::array<quint8, kBoxSize> boxed(const Probe &probe);
/// Nothing for what this version does not say, padding included.
std::optional<Probe> unboxed(std::span<const quint8, kBoxSize> box);

} // namespace sallyport
