// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/round_trip.h"

#include <algorithm>

namespace sallyport {

using std::chrono::microseconds;

void RoundTrip::add(microseconds sample, PathTime now)
{
    // An eighth of the difference, as TCP does (RFC 6298); a path that got much better or worse is believed at once.
    const bool isAnother = !m_smoothed || sample > 2 * *m_smoothed || 2 * sample < *m_smoothed;
    m_smoothed = isAnother ? sample : *m_smoothed + (sample - *m_smoothed) / 8;
    m_recent.at(m_count % m_recent.size()) = {sample, now};
    ++m_count;
}

microseconds RoundTrip::loaded(PathTime now, const PathPolicy &policy) const
{
    microseconds largest{0};
    const std::size_t known = std::min(m_count, m_recent.size());
    for (std::size_t i = 0; i < known; ++i) {
        if (m_recent.at(i).at + policy.freshFor >= now)
            largest = std::max(largest, m_recent.at(i).value);
    }
    if (largest > microseconds(0))
        return largest;
    const microseconds stale = policy.leastStaleRoundTrip;
    return m_smoothed ? std::max(3 * *m_smoothed, stale) : microseconds(policy.unknownRoundTrip);
}

} // namespace sallyport
