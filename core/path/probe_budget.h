// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_policy.h"
#include "core/path/path_values.h"

namespace sallyport {

/// At most so many in a second, at most a second's worth at once.
class RateLimit {
public:
    explicit RateLimit(int perSecond, int atOnce = 0);

    bool take(PathTime now);
    /// When there will be one again.
    PathTime nextAt(PathTime now) const;

private:
    std::chrono::microseconds m_interval;
    std::chrono::microseconds m_ahead; ///< how far we may run in front of the even pace
    PathTime m_paidUntil{PathTime::min() + std::chrono::hours(1)};
};

} // namespace sallyport
