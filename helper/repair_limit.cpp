// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/repair_limit.h"

namespace sallyport {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMost = 5;
constexpr auto kWindow = 60s;

} // namespace

RepairLimit::Clock::duration RepairLimit::rest(Clock::time_point now) const
{
    if (m_repairs.size() < kMost)
        return Clock::duration::zero();
    return m_repairs.back() + kWindow - now;
}

void RepairLimit::note(Clock::time_point now)
{
    // While resting nothing is noted, so a full list is one that has rested.
    if (m_repairs.size() >= kMost)
        m_repairs.clear();
    std::erase_if(m_repairs, [&](Clock::time_point each) { return now - each >= kWindow; });
    m_repairs.push_back(now);
}

} // namespace sallyport
