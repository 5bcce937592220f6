// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

namespace sallyport {

/// Makes a clock that never goes back out of one that may.
class PathClock {
public:
    /// The time inside, for the time that the caller has.
    PathTime inside(PathTime outside);
    PathTime outside(PathTime inside) const { return inside - m_offset; }

private:
    PathTime m_last{PathTime::min()};
    std::chrono::microseconds m_offset{0};
};

} // namespace sallyport
