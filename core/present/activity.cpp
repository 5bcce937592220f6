// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/activity.h"

#include "core/present/exit_words.h"
#include "core/present/home_words.h"
#include "core/present/words.h"

#include <algorithm>

namespace sallyport {

namespace {

using Changes = std::vector<Change>;

/// Mostly it stands where it stood: `place` spares a thousand devices a million comparisons.
const PeerSnapshot *findPeer(const HomeSnapshot &home, const PeerSnapshot &peer, std::size_t place)
{
    if (place < home.peers.size() && home.peers[place].publicKey == peer.publicKey)
        return &home.peers[place];
    const auto found = std::ranges::find(home.peers, peer.publicKey, &PeerSnapshot::publicKey);
    return found == home.peers.end() ? nullptr : &*found;
}

void addSwitches(Changes &changes, const Snapshot &before, const Snapshot &after)
{
    if (before.home.enabled != after.home.enabled)
        changes.push_back({Topic::Home,
            after.home.enabled ? Words::tr("Home was switched on.") : Words::tr("Home was switched off.")});
    if (before.exit.enabled != after.exit.enabled)
        changes.push_back({Topic::Exit,
            after.exit.enabled ? Words::tr("Exit was switched on.") : Words::tr("Exit was switched off.")});
    if (before.exit.name != after.exit.name && !after.exit.name.isEmpty())
        //: %1 is the name of an exit
        changes.push_back(
            {Topic::Exit, Words::tr("%1 was chosen as the way out.").arg(after.exit.name), NoticeKind::ExitChanged});
    if (before.guard.lockdown != after.guard.lockdown)
        changes.push_back({Topic::Guard,
            after.guard.lockdown ? Words::tr("Lockdown was switched on.") : Words::tr("Lockdown was switched off."),
            {}});
}

/// While paused, the sentence about the exit is about the pause.
void addPause(Changes &changes, const Snapshot &before, const Snapshot &after)
{
    if (before.guard.pausedUntil == after.guard.pausedUntil)
        return;
    changes.push_back({Topic::Exit, after.guard.pausedUntil ? exitSentence(after) : Words::tr("The pause is over.")});
}

void addPhases(Changes &changes, const Snapshot &before, const Snapshot &after)
{
    if (after.home.enabled && before.home.phase != after.home.phase && after.home.phase != Phase::Off)
        changes.push_back({Topic::Home, homeSentence(after.home)});
    const bool sameShield = exitGlyph(before) == exitGlyph(after) && before.exit.phase == after.exit.phase;
    const bool isBlocked = exitGlyph(after) == Glyph::Blocked;
    if (!sameShield && !after.guard.pausedUntil && exitGlyph(after) != Glyph::Off)
        changes.push_back({isBlocked ? Topic::Guard : Topic::Exit, exitSentence(after),
            isBlocked || exitGlyph(before) == Glyph::Blocked ? NoticeKind::Blocked : NoticeKind::None});
    const bool opened = before.guard.state != GuardState::Open && after.guard.state == GuardState::Open;
    if (opened && !after.guard.pausedUntil)
        changes.push_back({Topic::Guard, Words::tr("Internet goes out as usual again."),
            exitGlyph(before) == Glyph::Blocked ? NoticeKind::Blocked : NoticeKind::None});
}

QString pathSentence(const PeerSnapshot &peer)
{
    switch (peer.via) {
    case Via::Lan:
        return Words::tr("%1 is reached on this network.").arg(peer.name);
    case Via::Public:
        return Words::tr("%1 is reached through the internet.").arg(peer.name);
    case Via::Relay:
        return Words::tr("%1 is reached through another device.").arg(peer.name);
    case Via::Unknown:
        break;
    }
    return Words::tr("%1 answers.").arg(peer.name);
}

void addPeer(Changes &changes, const PeerSnapshot &before, const PeerSnapshot &after)
{
    const bool wasUp = before.phase == PeerPhase::Up;
    const bool isUp = after.phase == PeerPhase::Up;
    if (isUp && (!wasUp || before.via != after.via))
        changes.push_back({Topic::Device, pathSentence(after)});
    else if (isUp && before.endpoint != after.endpoint && !after.endpoint.isEmpty())
        //: %1 is a device, %2 an address and port
        changes.push_back({Topic::Device, Words::tr("%1 is now at %2.").arg(after.name, after.endpoint)});
    else if (wasUp && (after.phase == PeerPhase::Stale || after.phase == PeerPhase::Down))
        changes.push_back({Topic::Device,
            before.endpoint.isEmpty()
                ? Words::tr("%1 stopped answering.").arg(after.name)
                //: %1 is a device, %2 an address and port
                : Words::tr("%1 stopped answering. It was last seen at %2.").arg(after.name, before.endpoint)});
}

/// Switching Home on brings all devices; news are only those that answer at once.
void addPeers(Changes &changes, const HomeSnapshot &before, const HomeSnapshot &after)
{
    if (!after.enabled)
        return;
    std::size_t place = 0;
    for (const PeerSnapshot &peer : after.peers) {
        if (const PeerSnapshot *old = findPeer(before, peer, place++))
            addPeer(changes, *old, peer);
        else if (before.enabled)
            changes.push_back(
                {Topic::Device, Words::tr("%1 is a new device.").arg(peer.name), NoticeKind::DeviceJoined});
        else if (peer.phase == PeerPhase::Up)
            changes.push_back({Topic::Device, pathSentence(peer)});
    }
    if (!before.enabled)
        return;
    place = 0;
    for (const PeerSnapshot &peer : before.peers) {
        if (!findPeer(after, peer, place++))
            changes.push_back({Topic::Device, Words::tr("%1 was removed.").arg(peer.name), NoticeKind::DeviceJoined});
    }
}

void addTroubles(Changes &changes, const Snapshot &before, const Snapshot &after)
{
    for (const Conflict &conflict : after.conflicts) {
        if (std::ranges::find(before.conflicts, conflict) == before.conflicts.end())
            changes.push_back({Topic::Other, Words::tr("%1 is in the way: %2").arg(conflict.who, conflict.what)});
    }
    if (after.lastError && before.lastError != after.lastError)
        changes.push_back({Topic::Other, troubleOf(*after.lastError).what});
}

} // namespace

std::vector<Change> changesBetween(const Snapshot &before, const Snapshot &after)
{
    Changes changes;
    addSwitches(changes, before, after);
    addPause(changes, before, after);
    addTroubles(changes, before, after);
    addPhases(changes, before, after);
    addPeers(changes, before.home, after.home);
    return changes;
}

std::vector<Change> changesBetween(Link::State before, Link::State after)
{
    if (before == after)
        return {};
    if (after == Link::State::Lost)
        return {{Topic::Other, troubleOf(after).what, NoticeKind::ServiceLost}};
    if (before == Link::State::Lost && after == Link::State::Connected)
        return {{Topic::Other, Words::tr("The background service is back."), NoticeKind::ServiceLost}};
    return {};
}

bool isWanted(const Change &change, const Notices &notices)
{
    switch (change.notice) {
    case NoticeKind::None:
        return false;
    case NoticeKind::Blocked:
        return notices.blocked;
    case NoticeKind::ExitChanged:
        return notices.exitChanged;
    case NoticeKind::DeviceJoined:
        return notices.deviceJoined;
    case NoticeKind::ServiceLost:
        return notices.serviceLost;
    }
    Q_UNREACHABLE();
}

} // namespace sallyport
