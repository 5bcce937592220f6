// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/answer_budget.h"

namespace sallyport {

namespace {

/// Each answer fills at most one bucket's gap, a gap lasts at most a second, and two seconds' worth of answers can fall
/// into one: so after forgetting those that are full never more than half of this remain.
constexpr std::size_t kMost = 4 * AnswerBudget::kInTotal;

template<class Key>
TokenBucket &bucketOf(std::map<Key, TokenBucket> &buckets, const Key &key, quint32 perSecond, PathTime now)
{
    if (buckets.size() >= kMost)
        std::erase_if(buckets, [&](const auto &each) { return each.second.isFull(now); });
    return buckets.try_emplace(key, perSecond).first->second;
}

} // namespace

bool AnswerBudget::allows(const PublicKey &peer, const IpAddress &source, PathTime now)
{
    if (!m_total.hasOne(now))
        return false;
    TokenBucket &ofPeer = bucketOf(m_peers, peer, kPerPeer, now);
    TokenBucket &ofSource = bucketOf(m_sources, source, kPerSource, now);
    if (!ofPeer.hasOne(now) || !ofSource.hasOne(now))
        return false;
    ofPeer.take(now);
    ofSource.take(now);
    m_total.take(now);
    return true;
}

} // namespace sallyport
