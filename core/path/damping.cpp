// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/damping.h"

#include <algorithm>

namespace sallyport {

void Damping::noteSwitch(PathTime now, const PathPolicy &policy)
{
    const bool wasQuiet = m_switches.empty() || now - m_switches.back() >= policy.longestDwell;
    std::erase_if(m_switches, [&](PathTime at) { return at + policy.dampingWindow < now; });
    m_switches.push_back(now);
    if (wasQuiet)
        m_dwell = policy.dwell;
    else if (m_switches.size() > static_cast<std::size_t>(policy.mostSwitches))
        m_dwell = std::min<std::chrono::seconds>(2 * m_dwell, policy.longestDwell);
}

std::optional<PathTime> Damping::notBefore(PathTime now, const PathPolicy &policy) const
{
    if (m_switches.empty() || now - m_switches.back() >= policy.longestDwell || now >= m_switches.back() + m_dwell)
        return {};
    return m_switches.back() + m_dwell;
}

bool Damping::isRestless(PathTime now, const PathPolicy &policy) const
{
    return m_dwell > policy.dwell && notBefore(now, policy);
}

} // namespace sallyport
