// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <algorithm>

namespace sallyport {

/// So many a second, and as many at once after a second of rest. It remembers only when it is full again, so that nothing
/// has to be filled up and nothing is rounded.
class TokenBucket {
public:
    explicit TokenBucket(quint32 perSecond) : m_step(std::chrono::microseconds(kDepth) / perSecond) {}

    bool hasOne(PathTime now) { return missing(now) + m_step <= kDepth; }
    bool isFull(PathTime now) const { return m_full <= now; }
    /// Only if it has one.
    void take(PathTime now) { m_full = now + missing(now) + m_step; }

private:
    static constexpr std::chrono::seconds kDepth{1};

    PathTime::duration missing(PathTime now)
    {
        m_full = std::clamp<PathTime>(m_full, now, now + kDepth); // a clock that goes back must not dry it up
        return m_full - now;
    }

    PathTime::duration m_step;
    PathTime m_full;
};

} // namespace sallyport
