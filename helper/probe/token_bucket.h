// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

namespace sallyport::probe {

/// How often something may happen: `perSecond` in the long run, and `burst` times at once after a rest.
class TokenBucket {
public:
    using Clock = std::chrono::steady_clock;

    TokenBucket(int perSecond, int burst)
        : m_interval(std::chrono::nanoseconds(std::chrono::seconds(1)) / perSecond), m_room(m_interval * (burst - 1))
    {
    }

    /// False: not now.
    bool take(Clock::time_point now = Clock::now())
    {
        if (rest(now) > Clock::duration::zero())
            return false;
        m_due = std::max(m_due, now) + m_interval;
        return true;
    }
    /// How long until take() succeeds; zero or less: it does.
    Clock::duration rest(Clock::time_point now = Clock::now()) const { return m_due - m_room - now; }

private:
    Clock::duration m_interval;
    Clock::duration m_room;
    Clock::time_point m_due; ///< when the next one would come if they came evenly
};

} // namespace sallyport::probe
