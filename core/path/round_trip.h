// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_policy.h"
#include "core/path/path_values.h"

namespace sallyport {

/// Measured round trips of one path.
class RoundTrip {
public:
    void add(std::chrono::microseconds sample, PathTime now);
    bool isMeasured() const { return m_smoothed.has_value(); }
    std::optional<std::chrono::microseconds> smoothed() const { return m_smoothed; }
    /// What a late packet of this path may take while it carries traffic: more rather than less, as a window that is too
    /// long costs nothing.
    std::chrono::microseconds loaded(PathTime now, const PathPolicy &policy) const;

private:
    struct Sample {
        std::chrono::microseconds value{0};
        PathTime at;
    };
    std::optional<std::chrono::microseconds> m_smoothed;
    std::array<Sample, 4> m_recent{};
    std::size_t m_count = 0;
};

} // namespace sallyport
