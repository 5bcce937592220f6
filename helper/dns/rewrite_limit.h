// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <deque>

namespace sallyport::dns {

/// Ends a fight over a file: after 10 rewrites within 5 s the other program has won, for a minute.
class RewriteLimit {
public:
    using Clock = std::chrono::steady_clock;

    bool mayWrite(Clock::time_point now);
    void wrote(Clock::time_point now);

private:
    std::deque<Clock::time_point> m_writes;
    Clock::time_point m_yieldsUntil{};
};

} // namespace sallyport::dns
