// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/link/pending_requests.h"

#include <algorithm>

namespace sallyport::mesh {

quint32 PendingRequests::add(PathTime until, Settle settle)
{
    // 4 billion requests later the first has been settled long ago.
    m_pending.insert_or_assign(++m_last, Pending{until, std::move(settle), {}});
    return m_last;
}

bool PendingRequests::take(const meshlink::ToMesh &message)
{
    if (const auto *stats = std::get_if<meshlink::Stats>(&message)) {
        takeStats(*stats);
        return true;
    }
    if (const auto *moved = std::get_if<meshlink::Moved>(&message)) {
        settle(moved->request, &message);
        return true;
    }
    if (const auto *tried = std::get_if<meshlink::Tried>(&message)) {
        settle(tried->request, &message);
        return true;
    }
    return false;
}

void PendingRequests::takeStats(const meshlink::Stats &part)
{
    const auto found = m_pending.find(part.request);
    if (found == m_pending.end())
        return;
    auto &peers = found->second.gathered.peers;
    peers.insert(peers.end(), part.peers.begin(), part.peers.end());
    if (!part.isLast)
        return;
    const meshlink::ToMesh whole = meshlink::Stats{part.request, true, std::move(peers)};
    settle(part.request, &whole);
}

void PendingRequests::settle(quint32 request, const meshlink::ToMesh *answer)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    // Out of the list first: who is told may ask again.
    const Settle told = std::move(found->second.settle);
    m_pending.erase(found);
    told(answer);
}

void PendingRequests::expire(PathTime now)
{
    std::vector<quint32> late;
    for (const auto &[request, pending] : m_pending) {
        if (pending.until <= now)
            late.push_back(request);
    }
    for (const quint32 request : late)
        settle(request, nullptr);
}

void PendingRequests::giveUp()
{
    expire(PathTime::max());
}

std::optional<PathTime> PendingRequests::firstLimit() const
{
    const auto first = std::ranges::min_element(m_pending, {}, [](const auto &entry) { return entry.second.until; });
    return first == m_pending.end() ? std::nullopt : std::optional(first->second.until);
}

} // namespace sallyport::mesh
