// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/attestation.h"
#include "core/path/plausibility.h"
#include "core/path/question.h"
#include "core/path/round_trip.h"

namespace sallyport {

/// A place where a peer may be reached, and what we know of it.
struct PathCandidate {
    Endpoint endpoint;
    HostEndpoint written;
    CandidateSource source = CandidateSource::Manual;
    EndpointScope scope = EndpointScope::Any;
    Preference preference = Preference::None;
    bool isListed = false; ///< by the configuration, a name or a person; the others were seen
    PathTime knownSince;

    Plausibility plausibility = Plausibility::NotHere;
    std::vector<NetworkPrint> provedOn; ///< networks from which a local address was reached directly
    int looks = 0; ///< unanswered packets to a local address, which may be a stranger's, since we came to this network
    std::optional<PathTime> lookedAt;

    Question question;
    RoundTrip roundTrip;
    PathKind kind = PathKind::Unproved;
    std::optional<PathTime> lastAnswer;
    PathTime freshFrom{PathTime::min()}; ///< earlier answers count no more: the peer has moved since
    std::optional<PathTime> lastHeard; ///< a question of the peer's own came from here
    bool isHereProved = false; ///< has answered since we came here
    bool isSilent = false; ///< did not answer the last question
    quint32 successes = 0;
    quint32 failures = 0;

    std::optional<PathTime> betterSince; ///< than the path in use, by one sample
    PathTime moveNotBefore{PathTime::min()};
    int refusals = 0;
    PathTime trialNotBefore{PathTime::min()};
    int failedTrials = 0;
};

} // namespace sallyport
