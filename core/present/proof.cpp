// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/proof.h"

#include "core/present/device_rows.h"
#include "core/present/words.h"

#include <algorithm>

namespace sallyport {

namespace {

using Verdict = Tick::Verdict;

/// One device stands for Home: the one that answers fastest, as far as that is known.
const PeerSnapshot *bestPeer(const HomeSnapshot &home, const std::vector<LedgerPeer> &ledger)
{
    const PeerSnapshot *best = nullptr;
    std::optional<std::chrono::microseconds> least;
    for (const PeerSnapshot &peer : home.peers) {
        if (peer.phase != PeerPhase::Up)
            continue;
        const auto roundTrip = waysTo(peer, findPeer(ledger, peer.publicKey)).roundTrip;
        if (!best || (roundTrip && (!least || *roundTrip < *least))) {
            best = &peer;
            least = roundTrip;
        }
    }
    return best;
}

Tick homeTick(const HomeSnapshot &home, const std::vector<LedgerPeer> &ledger)
{
    if (home.peers.empty())
        return {Verdict::Waiting, Words::tr("no other device yet")};
    const PeerSnapshot *peer = bestPeer(home, ledger);
    if (!peer)
        return {home.phase == Phase::Starting ? Verdict::Waiting : Verdict::Fails, Words::tr("no device answers")};
    if (const auto roundTrip = waysTo(*peer, findPeer(ledger, peer->publicKey)).roundTrip)
        //: %1 is a device, %2 a time such as 12 ms
        return {Verdict::Holds, Words::tr("%1 answers in %2").arg(peer->name, roundTripText(*roundTrip))};
    //: %1 is a device
    return {Verdict::Holds, Words::tr("%1 answers").arg(peer->name)};
}

Tick exitTick(const ExitSnapshot &exit)
{
    switch (exit.phase) {
    case Phase::Up:
        return {Verdict::Holds, Words::tr("%1 answers").arg(exit.name)};
    case Phase::Off:
    case Phase::Starting:
        return {Verdict::Waiting, Words::tr("waiting for %1").arg(exit.name)};
    case Phase::Stale:
    case Phase::Failed:
        break;
    }
    return {Verdict::Fails, Words::tr("%1 does not answer").arg(exit.name)};
}

Tick guardTick(GuardState state)
{
    return state == GuardState::Open ? Tick{Verdict::Fails, Words::tr("the guard is open")}
                                     : Tick{Verdict::Holds, Words::tr("nothing leaves past the exit")};
}

Tick familyTick(const ExitSnapshot &exit)
{
    const bool both = exit.families.size() == 2;
    const bool four = !exit.families.empty() && exit.families.front() == Family::IPv4;
    return {Verdict::Holds,
        both ? Words::tr("IPv4 and IPv6")
             : (four ? Words::tr("IPv4, IPv6 is blocked") : Words::tr("IPv6, IPv4 is blocked"))};
}

} // namespace

std::vector<Tick> proofOf(const Snapshot &snapshot, const std::vector<LedgerPeer> &ledger)
{
    std::vector<Tick> ticks;
    if (snapshot.home.enabled)
        ticks.push_back(homeTick(snapshot.home, ledger));
    const bool paused = snapshot.guard.pausedUntil.has_value();
    if (snapshot.exit.enabled && !paused) {
        ticks.push_back(exitTick(snapshot.exit));
        if (snapshot.exit.phase == Phase::Up && !snapshot.exit.families.empty())
            ticks.push_back(familyTick(snapshot.exit));
    }
    if ((snapshot.exit.enabled || snapshot.guard.lockdown) && !paused)
        ticks.push_back(guardTick(snapshot.guard.state));
    return ticks;
}

} // namespace sallyport
