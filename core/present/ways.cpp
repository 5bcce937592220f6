// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/ways.h"

#include "core/present/words.h"
#include "core/wire/path_words.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// What a person wants of the device's candidates as a whole.
struct Wishes {
    bool pins = false;
    bool prefers = false;
};

Wishes wishesOf(const std::vector<Way> &ways)
{
    return {std::ranges::find(ways, Preference::Pin, &Way::preference) != ways.end(),
        std::ranges::find(ways, Preference::Prefer, &Way::preference) != ways.end()};
}

QString whyUsed(const Way &way, bool hasLedger)
{
    if (way.preference == Preference::Forbid)
        return hasLedger
            ? Words::tr("In use although you forbade it: nothing else answers yet.")
            : Words::tr("In use although you forbade it: sallyport-meshd, which would heed that, does not run.");
    if (way.preference == Preference::Pin)
        return Words::tr("In use: you pinned it.");
    if (way.preference == Preference::Prefer)
        return Words::tr("In use: you prefer it.");
    return hasLedger ? Words::tr("In use: nothing better has answered.")
                     : Words::tr("In use: it comes first on this network.");
}

QString whyVerified(const Way &way, const Wishes &wishes)
{
    const QString answered
        = way.sinceAnswer ? Words::tr("it answered %1 ago").arg(spanOf(*way.sinceAnswer)) : Words::tr("it answers");
    if (wishes.pins && way.preference != Preference::Pin)
        return Words::tr("Not used: %1, but you pinned another one.").arg(answered);
    if (wishes.prefers && way.preference != Preference::Prefer)
        return Words::tr("Not used: %1, but you prefer another one.").arg(answered);
    return Words::tr("Not used: %1, but the one in use is better.").arg(answered);
}

QString whySilent(const Way &way)
{
    return way.sinceAnswer ? Words::tr("Not used: it has not answered for %1.").arg(spanOf(*way.sinceAnswer))
                           : Words::tr("Not used: it has never answered.");
}

QString whyNot(CandidateState state, const Way &way, const Wishes &wishes)
{
    switch (state) {
    case CandidateState::InUse:
        return whyUsed(way, true);
    case CandidateState::Verified:
        return whyVerified(way, wishes);
    case CandidateState::Waiting:
        return Words::tr("Not used yet: it will be asked.");
    case CandidateState::Asked:
        return Words::tr("Not used yet: it was asked just now.");
    case CandidateState::Silent:
        return whySilent(way);
    case CandidateState::NotHere:
        return Words::tr("Not used: it cannot be reached from the networks that this machine is on.");
    case CandidateState::Relayed:
        return Words::tr("Not used: somebody else answers there and passes it on.");
    case CandidateState::Forbidden:
        return way.preference == Preference::Forbid ? Words::tr("Not used: you forbade it.")
                                                    : Words::tr("Not used: it lies inside the mesh itself.");
    case CandidateState::Unresolved:
        return Words::tr("Not used: its name has no address.");
    }
    Q_UNREACHABLE();
}

/// In the helper's own words, while nobody asks.
QString plainReason(const Way &way)
{
    if (way.state == u"in-use")
        return whyUsed(way, false);
    if (way.state == u"possible" && (way.preference == Preference::Pin || way.preference == Preference::Prefer))
        return Words::tr("Not used although you want it: sallyport-meshd, which would heed that, does not run.");
    if (way.state == u"possible" && way.preference == Preference::Forbid)
        return Words::tr("Not used: you forbade it.");
    if (way.state == u"possible")
        return Words::tr("Not used: another one comes first.");
    return way.source == u"dns" ? Words::tr("Not used: its name has no address that can be reached from here.")
                                : Words::tr("Not used: it is in a network that this machine is not on.");
}

Way wayOf(const LedgerCandidate &candidate)
{
    Way way;
    way.address = candidate.written.toString();
    way.endpoint = candidate.endpoint ? candidate.endpoint->toString() : QString();
    way.source = wordOf(candidate.source);
    way.preference = candidate.preference;
    way.roundTrip = candidate.roundTrip;
    way.known = candidate.known;
    way.sinceAnswer = candidate.sinceAnswer;
    way.successes = candidate.successes;
    way.failures = candidate.failures;
    return way;
}

/// Where packets go the helper has just read from the kernel; meshd may be a moment behind.
CandidateState presentState(const LedgerCandidate &candidate, const QString &inUse)
{
    const bool isUsed = candidate.endpoint && candidate.endpoint->toString() == inUse;
    if (isUsed)
        return CandidateState::InUse;
    return candidate.state == CandidateState::InUse && !inUse.isEmpty() ? CandidateState::Verified : candidate.state;
}

const CandidateSnapshot *findCandidate(const PeerSnapshot &peer, const QString &address)
{
    const auto found = std::ranges::find(peer.candidates, address, &CandidateSnapshot::address);
    return found == peer.candidates.end() ? nullptr : &*found;
}

void addKnown(Ways &ways, const PeerSnapshot &peer, const LedgerPeer &known)
{
    for (const LedgerCandidate &candidate : known.candidates) {
        Way way = wayOf(candidate);
        if (const CandidateSnapshot *configured = findCandidate(peer, way.address))
            way.preference = configured->preference;
        way.state = wordOf(presentState(candidate, peer.endpoint));
        ways.candidates.push_back(way);
    }
    const Wishes wishes = wishesOf(ways.candidates);
    for (Way &way : ways.candidates)
        way.reason = whyNot(candidateStateOf(way.state), way, wishes);
}

void addPlain(Ways &ways, const PeerSnapshot &peer)
{
    for (const CandidateSnapshot &candidate : peer.candidates) {
        const bool isKnown
            = std::ranges::find(ways.candidates, candidate.address, &Way::address) != ways.candidates.end();
        if (isKnown)
            continue;
        Way way;
        way.address = candidate.address;
        way.source = candidate.source;
        way.state = candidate.state;
        way.preference = candidate.preference;
        way.reason = ways.hasLedger && way.state != u"in-use"
            ? Words::tr("Not used: sallyport-meshd has not taken it up yet.")
            : plainReason(way);
        ways.candidates.push_back(way);
    }
}

} // namespace

const LedgerPeer *findPeer(const std::vector<LedgerPeer> &ledger, const PublicKey &key)
{
    const auto found = std::ranges::find(ledger, key, &LedgerPeer::publicKey);
    return found == ledger.end() ? nullptr : &*found;
}

Ways waysTo(const PeerSnapshot &peer, const LedgerPeer *known)
{
    Ways ways;
    if (known) {
        ways.hasLedger = true;
        ways.hasAgent = known->hasAgent;
        ways.isOnLink = known->isOnLink;
        ways.roundTrip = known->roundTrip;
        addKnown(ways, peer, *known);
        const auto used = std::ranges::find(ways.candidates, u"in-use"_s, &Way::state);
        if (!ways.roundTrip && used != ways.candidates.end())
            ways.roundTrip = used->roundTrip;
    }
    addPlain(ways, peer);
    return ways;
}

QString spanOf(std::chrono::seconds span)
{
    const qint64 seconds = span.count();
    if (seconds < 120)
        return u"%1 s"_s.arg(seconds);
    if (seconds < 2LL * 3600)
        return u"%1 min"_s.arg(seconds / 60);
    if (seconds < 2LL * 86400)
        return u"%1 h"_s.arg(seconds / 3600);
    return u"%1 d"_s.arg(seconds / 86400);
}

QString roundTripText(std::chrono::microseconds roundTrip)
{
    const double milliseconds = double(roundTrip.count()) / 1000;
    return QString::number(milliseconds, 'f', milliseconds < 10 ? 1 : 0) + u" ms"_s;
}

} // namespace sallyport
