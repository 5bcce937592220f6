// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/rewrite_limit.h"

namespace sallyport::dns {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostWrites = 10;
constexpr auto kWindow = 5s;
constexpr auto kPause = 60s;

} // namespace

bool RewriteLimit::mayWrite(Clock::time_point now)
{
    while (!m_writes.empty() && now - m_writes.front() > kWindow)
        m_writes.pop_front();
    if (now >= m_yieldsUntil && m_writes.size() >= kMostWrites) {
        m_yieldsUntil = now + kPause;
        m_writes.clear();
    }
    return now >= m_yieldsUntil;
}

void RewriteLimit::wrote(Clock::time_point now)
{
    m_writes.push_back(now);
}

} // namespace sallyport::dns
