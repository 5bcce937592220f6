// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

namespace sallyport {

/// How often a look that finds something amiss asks for a plan: at once, then after 1 s, 2 s, 4 s and so on, so that
/// whoever refuses for good is asked ever less.
class LookLimit {
public:
    using Clock = std::chrono::steady_clock;

    bool mayAsk(Clock::time_point now = Clock::now()) const { return now >= m_next; }
    void asked(Clock::time_point now = Clock::now());
    /// All is well, or something has happened that may have changed the answer.
    void forget() { *this = {}; }

private:
    Clock::time_point m_next{};
    std::chrono::seconds m_pause{1};
};

} // namespace sallyport
