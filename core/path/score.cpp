// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/score.h"

#include <algorithm>

namespace sallyport {

using std::chrono::microseconds;

microseconds penaltyOf(PathKind kind, const PathPolicy &policy)
{
    switch (kind) {
    case PathKind::SameLink:
        return policy.sameLink;
    case PathKind::Routed:
        return policy.routed;
    case PathKind::Global6:
        return policy.global6;
    case PathKind::Mapped:
        return policy.mapped;
    case PathKind::Unproved:
    case PathKind::Punched:
        return policy.punched;
    case PathKind::Relayed:
        return policy.relayed;
    }
    return policy.relayed;
}

microseconds scoreOf(const PathCandidate &candidate, bool isMetered, const PathPolicy &policy)
{
    const microseconds measured = candidate.roundTrip.smoothed().value_or(policy.unknownRoundTrip);
    const microseconds metered = isMetered ? policy.metered : PathPolicy::Milli(0);
    const bool isPreferred = candidate.preference == Preference::Prefer;
    const microseconds preferred = isPreferred ? policy.preferred : PathPolicy::Milli(0);
    return measured + penaltyOf(candidate.kind, policy) + metered - preferred;
}

bool isClearlyBetter(microseconds other, microseconds inUse, const PathPolicy &policy)
{
    const microseconds share = inUse > microseconds(0) ? inUse * policy.leastGainPercent / 100 : microseconds(0);
    return other + std::max<microseconds>(policy.leastGain, share) < inUse;
}

} // namespace sallyport
