// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/replay_memory.h"

namespace sallyport {

void ReplayMemory::forget(PathTime now)
{
    while (!m_order.empty() && (m_order.size() > kMost || now - m_order.front().first > kLifetime)) {
        m_heard.erase(m_order.front().second);
        m_order.pop_front();
    }
}

bool ReplayMemory::isNew(const Nonce &nonce, PathTime now)
{
    forget(now);
    if (!m_heard.insert(nonce).second)
        return false;
    m_order.emplace_back(now, nonce);
    forget(now);
    return true;
}

} // namespace sallyport
