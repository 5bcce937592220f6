// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/look_limit.h"

#include <algorithm>

namespace sallyport {

namespace {

constexpr std::chrono::seconds kLongestPause = std::chrono::hours(24); ///< so that doubling has an end

} // namespace

void LookLimit::asked(Clock::time_point now)
{
    m_next = now + m_pause;
    m_pause = std::min(m_pause * 2, kLongestPause);
}

} // namespace sallyport
