// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <vector>

namespace sallyport {

/// How often rules that somebody else removed or overtook are put back by ourselves: five times a minute. A sixth has to
/// wait until nothing was put back for a minute, so that two programs never fight over the rules without end.
class RepairLimit {
public:
    using Clock = std::chrono::steady_clock;

    bool isAllowed(Clock::time_point now = Clock::now()) const { return rest(now) <= Clock::duration::zero(); }
    /// How long until the next one is allowed; zero or less: now.
    Clock::duration rest(Clock::time_point now = Clock::now()) const;
    void note(Clock::time_point now = Clock::now());
    /// A person decided anew.
    void forget() { m_repairs.clear(); }

private:
    std::vector<Clock::time_point> m_repairs; ///< of the last minute, oldest first; at most as many as are allowed
};

} // namespace sallyport
