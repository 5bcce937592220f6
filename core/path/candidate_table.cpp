// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/candidate_table.h"

#include <algorithm>

namespace sallyport {

namespace {

HostEndpoint writtenAs(const Endpoint &endpoint)
{
    return {endpoint.address.toString(), endpoint.port};
}

bool needsScope(const Endpoint &endpoint)
{
    return endpoint.address.family() == Family::IPv6 && endpoint.address.isLinkLocal() && endpoint.scopeId == 0;
}

/// A link-local address as it is written belongs to every link.
std::vector<Endpoint> onEveryLink(const Endpoint &endpoint, const Whereabouts &where)
{
    if (!needsScope(endpoint))
        return {endpoint};
    std::vector<Endpoint> endpoints;
    for (const PathNetwork &network : where.networks) {
        if (isOn(endpoint.address, network))
            endpoints.push_back({endpoint.address, endpoint.port, network.interfaceIndex});
    }
    return endpoints;
}

std::vector<Endpoint> endpointsOf(const ConfiguredPlace &place, const NameBook &names, const Whereabouts &where)
{
    if (const auto numeric = place.endpoint.numeric())
        return onEveryLink(*numeric, where);
    std::vector<IpAddress> addresses = names.addressesOf(place.endpoint.host);
    if (addresses.empty())
        addresses = usableRecords(place.resolved, {}, where, 2);
    std::vector<Endpoint> endpoints;
    for (const IpAddress &address : addresses)
        endpoints.push_back({address, place.endpoint.port});
    return endpoints;
}

PathCandidate candidateAt(const Endpoint &endpoint, const HostEndpoint &written, CandidateSource source)
{
    PathCandidate candidate;
    candidate.endpoint = endpoint;
    candidate.written = written;
    candidate.source = source;
    return candidate;
}

std::vector<PathCandidate> listedOf(const PathPeer &peer, const NameBook &names, const Whereabouts &where)
{
    std::vector<PathCandidate> listed;
    for (const ConfiguredPlace &place : peer.places) {
        const auto source = place.endpoint.isName() ? CandidateSource::Dns : CandidateSource::Manual;
        for (const Endpoint &endpoint : endpointsOf(place, names, where)) {
            listed.push_back(candidateAt(endpoint, place.endpoint, source));
            listed.back().scope = place.scope;
        }
    }
    // What a person has said something about exists, also if nothing else knows it (after a restart, for example).
    for (const auto &[written, preference] : peer.preferences) {
        const auto numeric = written.numeric();
        if (numeric && preference != Preference::None && !needsScope(*numeric))
            listed.push_back(candidateAt(*numeric, written, CandidateSource::Observed));
    }
    return listed;
}

void adopt(PathCandidate &known, const PathCandidate &listed)
{
    known.written = listed.written;
    known.source = listed.source;
    known.scope = listed.scope;
    known.isListed = true;
}

/// It has answered: worth remembering, by its numbers.
void forgetListing(PathCandidate &known)
{
    known.written = writtenAs(known.endpoint);
    known.source = CandidateSource::Observed;
    known.scope = EndpointScope::Any;
}

int rankOf(const PathCandidate &candidate, const std::optional<Endpoint> &inUse)
{
    if (inUse == candidate.endpoint)
        return 0;
    if (candidate.preference == Preference::Pin || candidate.preference == Preference::Prefer)
        return 1;
    if (candidate.isListed)
        return candidate.source == CandidateSource::Manual ? 2 : 3;
    return candidate.lastAnswer ? 4 : 5;
}

} // namespace

Preference preferenceOf(const PathPeer &peer, const HostEndpoint &written, const Endpoint &endpoint)
{
    for (const auto &[place, preference] : peer.preferences) {
        if (place == written || place == writtenAs(endpoint))
            return preference;
    }
    return Preference::None;
}

std::vector<QString> namesOf(const PathPeer &peer)
{
    std::vector<QString> names;
    for (const ConfiguredPlace &place : peer.places) {
        if (place.endpoint.isName())
            names.push_back(place.endpoint.host);
    }
    return names;
}

void CandidateTable::list(const PathPeer &peer, const NameBook &names, const Whereabouts &where, PathTime now)
{
    for (PathCandidate &each : m_candidates)
        each.isListed = false;
    for (PathCandidate &listed : listedOf(peer, names, where)) {
        PathCandidate *known = find(listed.endpoint);
        if (!known) {
            listed.knownSince = now;
            m_candidates.push_back(listed);
            known = &m_candidates.back();
        }
        if (!known->isListed)
            adopt(*known, listed);
    }
    // What is no longer listed and never answered is nothing but an old entry.
    std::erase_if(m_candidates, [](const PathCandidate &each) {
        return !each.isListed && !each.lastAnswer && each.source != CandidateSource::Observed;
    });
    for (PathCandidate &each : m_candidates) {
        if (!each.isListed)
            forgetListing(each);
        each.preference = preferenceOf(peer, each.written, each.endpoint);
    }
}

PathCandidate &CandidateTable::see(const PathPeer &peer, const Endpoint &endpoint, PathTime now)
{
    if (PathCandidate *known = find(endpoint))
        return *known;
    PathCandidate seen = candidateAt(endpoint, writtenAs(endpoint), CandidateSource::Observed);
    seen.preference = preferenceOf(peer, seen.written, endpoint);
    seen.knownSince = now;
    m_candidates.push_back(std::move(seen));
    return m_candidates.back();
}

void CandidateTable::limit(std::size_t most, const std::optional<Endpoint> &inUse)
{
    while (m_candidates.size() > most) {
        const auto least = std::ranges::max_element(m_candidates, [&](const PathCandidate &a, const PathCandidate &b) {
            const int rankA = rankOf(a, inUse);
            const int rankB = rankOf(b, inUse);
            if (rankA != rankB)
                return rankA < rankB;
            // Of what is listed the last goes, of what was seen the oldest.
            return rankA > 3 ? a.lastAnswer.value_or(a.knownSince) > b.lastAnswer.value_or(b.knownSince) : &a < &b;
        });
        m_candidates.erase(least);
    }
}

PathCandidate *CandidateTable::find(const Endpoint &endpoint)
{
    const auto found = std::ranges::find(m_candidates, endpoint, &PathCandidate::endpoint);
    return found == m_candidates.end() ? nullptr : &*found;
}

const PathCandidate *CandidateTable::find(const Endpoint &endpoint) const
{
    const auto found = std::ranges::find(m_candidates, endpoint, &PathCandidate::endpoint);
    return found == m_candidates.end() ? nullptr : &*found;
}

} // namespace sallyport
