// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <QHash>

#include <algorithm>

namespace sallyport {

namespace {

std::optional<std::chrono::seconds> since(const std::optional<PathTime> &then, PathTime at)
{
    if (!then)
        return {};
    return std::chrono::duration_cast<std::chrono::seconds>(std::max(at - *then, PathTime::duration(0)));
}

LedgerCandidate lineOf(const PathCandidate &candidate, CandidateState state, PathTime at)
{
    LedgerCandidate line;
    line.written = candidate.written;
    line.endpoint = candidate.endpoint;
    line.source = candidate.source;
    line.preference = candidate.preference;
    line.state = state;
    line.roundTrip = candidate.roundTrip.smoothed();
    line.sinceAnswer = since(candidate.lastAnswer, at);
    line.known = since(candidate.knownSince, at);
    line.successes = candidate.successes;
    line.failures = candidate.failures;
    return line;
}

bool isListedIn(const CandidateTable &table, const HostEndpoint &written)
{
    return std::ranges::find(table.all(), written, &PathCandidate::written) != table.all().end();
}

std::vector<LedgerCandidate> unresolvedOf(const PeerPaths &peer)
{
    std::vector<LedgerCandidate> lines;
    for (const ConfiguredPlace &place : peer.configured.places) {
        if (isListedIn(peer.table, place.endpoint))
            continue;
        LedgerCandidate line;
        line.written = place.endpoint;
        line.preference = preferenceOf(peer.configured, place.endpoint, {});
        if (const auto numeric = place.endpoint.numeric())
            line.endpoint = *numeric;
        else
            line.source = CandidateSource::Dns;
        line.state = line.endpoint ? CandidateState::NotHere : CandidateState::Unresolved;
        lines.push_back(line);
    }
    return lines;
}

std::size_t printOf(const Endpoint &endpoint)
{
    const auto bytes = endpoint.address.bytes();
    return qHashBits(bytes.data(), bytes.size(), (endpoint.scopeId << 16U) | endpoint.port);
}

} // namespace

CandidateState PathMachine::stateOf(const PeerPaths &peer, const PathCandidate &candidate) const
{
    const bool isInUse = peer.inUse == candidate.endpoint;
    if (candidate.preference == Preference::Forbid || candidate.plausibility == Plausibility::Never)
        return CandidateState::Forbidden;
    if (isInUse && !candidate.isSilent)
        return CandidateState::InUse;
    if (candidate.plausibility == Plausibility::NotHere)
        return CandidateState::NotHere;
    if (candidate.isSilent)
        return CandidateState::Silent;
    if (candidate.isHereProved)
        return candidate.kind == PathKind::Relayed ? CandidateState::Relayed : CandidateState::Verified;
    return candidate.question.isOpen() ? CandidateState::Asked : CandidateState::Waiting;
}

std::vector<LedgerPeer> PathMachine::ledger(PathTime at) const
{
    std::vector<LedgerPeer> lines;
    for (const auto &[key, peer] : peers) {
        LedgerPeer line;
        line.publicKey = key;
        line.hasAgent = peer.hasAgent;
        line.isOnLink = peer.onLink.has_value();
        if (const PathCandidate *current = peer.current())
            line.roundTrip = current->roundTrip.smoothed();
        for (const PathCandidate &candidate : peer.table.all())
            line.candidates.push_back(lineOf(candidate, stateOf(peer, candidate), at));
        std::ranges::move(unresolvedOf(peer), std::back_inserter(line.candidates));
        lines.push_back(std::move(line));
    }
    return lines;
}

/// Says so if the ledger reads differently now; that something is older or was asked once more is no news. Goes over every
/// peer after every event, so it makes no text.
void PathMachine::noteLedger()
{
    std::size_t print = peers.size();
    for (const auto &[key, peer] : peers) {
        print = qHashMulti(print, peer.hasAgent, peer.onLink.has_value());
        for (const PathCandidate &each : peer.table.all()) {
            print = qHashMulti(print, printOf(each.endpoint), static_cast<int>(each.source),
                static_cast<int>(each.preference), static_cast<int>(stateOf(peer, each)));
        }
    }
    if (std::exchange(ledgerPrint, print) != print)
        requests.push_back(LedgerMoved{});
}

} // namespace sallyport
