// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/answer_budget.h"

namespace sallyport {

namespace {

/// A bucket is full again a second after its last answer at the latest, and no second has more than twice kInTotal
/// answers: when those that are full are forgotten, at most half of this remains.
constexpr std::size_t kMost = 4 * AnswerBudget::kInTotal;

template<class Key>
TokenBucket &bucketOf(std::map<Key, TokenBucket> &buckets, const Key &key, quint32 perSecond, PathTime now)
{
    if (buckets.size() >= kMost)
        std::erase_if(buckets, [&](const auto &each) { return each.second.isFull(now); });
    if (buckets.size() >= kMost)
        buckets.clear(); // the clock has gone back; what holds for all together still holds
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
