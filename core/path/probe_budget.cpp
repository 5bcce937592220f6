// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/probe_budget.h"

#include <algorithm>

namespace sallyport {

using std::chrono::microseconds;

RateLimit::RateLimit(int perSecond, int atOnce)
    : m_interval(microseconds(std::chrono::seconds(1)) / perSecond),
      m_ahead(m_interval * ((atOnce > 0 ? atOnce : perSecond) - 1))
{
}

bool RateLimit::take(PathTime now)
{
    if (nextAt(now) > now)
        return false;
    m_paidUntil = std::max(m_paidUntil, now) + m_interval;
    return true;
}

PathTime RateLimit::nextAt(PathTime now) const
{
    return std::max(now, m_paidUntil - m_ahead);
}

} // namespace sallyport
