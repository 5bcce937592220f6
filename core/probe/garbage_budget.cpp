// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/garbage_budget.h"

namespace sallyport {

void GarbageBudget::expect(const IpAddress &source, PathTime now)
{
    m_expected.insert_or_assign(source, now);
    if (m_expected.size() <= kMostExpected)
        return;
    std::erase_if(m_expected, [&](const auto &each) { return now - each.second > kExpected; });
    if (m_expected.size() > kMostExpected)
        m_expected.erase(std::ranges::min_element(m_expected, {}, [](const auto &each) { return each.second; }));
}

bool GarbageBudget::isExpected(const IpAddress &source, PathTime now) const
{
    const auto found = m_expected.find(source);
    return found != m_expected.end() && now - found->second <= kExpected;
}

bool GarbageBudget::allows(const IpAddress &source, PathTime now)
{
    return isExpected(source, now) ? m_expectedOnes.hasOne(now) : m_anybody.hasOne(now);
}

void GarbageBudget::wasGarbage(const IpAddress &source, PathTime now)
{
    TokenBucket &bucket = isExpected(source, now) ? m_expectedOnes : m_anybody;
    bucket.take(now);
}

} // namespace sallyport
