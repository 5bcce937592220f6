// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/probe/token_bucket.h"

#include <map>

namespace sallyport {

/// How many datagrams that turn out to be nobody's are tried at all; beyond that they are dropped before anything is
/// calculated. Addresses from which an answer is expected have a share of their own, so that a flood from elsewhere does
/// not hide it.
class GarbageBudget {
public:
    static constexpr quint32 kFromAnybody = 2000; ///< a second
    static constexpr quint32 kFromExpected = 1000;
    static constexpr std::size_t kMostExpected = 1024; ///< then the one that was expected longest ago is forgotten
    static constexpr std::chrono::seconds kExpected{120};

    /// Something was sent there, or a probe of a peer came from there.
    void expect(const IpAddress &source, PathTime now);
    /// Whether to try and open what came from there.
    bool allows(const IpAddress &source, PathTime now);
    /// What came from there did not open.
    void wasGarbage(const IpAddress &source, PathTime now);
    std::size_t size() const { return m_expected.size(); }

private:
    bool isExpected(const IpAddress &source, PathTime now) const;

    TokenBucket m_anybody{kFromAnybody};
    TokenBucket m_expectedOnes{kFromExpected};
    std::map<IpAddress, PathTime> m_expected; ///< since when
};

} // namespace sallyport
