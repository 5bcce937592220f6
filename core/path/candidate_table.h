// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/name_records.h"
#include "core/path/path_candidate.h"

namespace sallyport {

/// The candidates of one peer: what its configuration lists, and what was seen.
class CandidateTable {
public:
    /// Takes over what is configured now; what is known of places that stay is kept.
    void list(const PathPeer &peer, const NameBook &names, const Whereabouts &where, PathTime now);
    /// A place that was seen, in the kernel or because a question came from there.
    PathCandidate &see(const PathPeer &peer, const Endpoint &endpoint, PathTime now);
    /// Drops what is least useful, never the endpoint in use.
    void limit(std::size_t most, const std::optional<Endpoint> &inUse);

    PathCandidate *find(const Endpoint &endpoint);
    const PathCandidate *find(const Endpoint &endpoint) const;
    PathCandidate *find(const std::optional<Endpoint> &endpoint) { return endpoint ? find(*endpoint) : nullptr; }
    std::vector<PathCandidate> &all() { return m_candidates; }
    const std::vector<PathCandidate> &all() const { return m_candidates; }

private:
    std::vector<PathCandidate> m_candidates;
};

Preference preferenceOf(const PathPeer &peer, const HostEndpoint &written, const Endpoint &endpoint);
std::vector<QString> namesOf(const PathPeer &peer);

} // namespace sallyport
