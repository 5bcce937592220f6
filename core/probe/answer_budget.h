// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/probe/token_bucket.h"

#include <map>

namespace sallyport {

/// How many questions are answered: whoever replays or forwards what a peer has sealed makes nobody a source of floods.
class AnswerBudget {
public:
    static constexpr quint32 kPerPeer = 10; ///< a second
    static constexpr quint32 kPerSource = 20;
    static constexpr quint32 kInTotal = 200;

    /// Takes one of each kind if all have one, else nothing.
    bool allows(const PublicKey &peer, const IpAddress &source, PathTime now);
    /// How many peers and sources are remembered.
    std::size_t size() const { return m_peers.size() + m_sources.size(); }

private:
    TokenBucket m_total{kInTotal};
    std::map<PublicKey, TokenBucket> m_peers;
    std::map<IpAddress, TokenBucket> m_sources;
};

} // namespace sallyport
