// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/machine.h"

#include <algorithm>

namespace sallyport {

namespace {

constexpr int kAsksAtOnce = 40;

void earlier(std::optional<PathTime> &due, std::optional<PathTime> at)
{
    if (at && (!due || *at < *due))
        due = at;
}

} // namespace

PathMachine::PathMachine(quint64 seed, const PathPolicy &numbers)
    : policy(numbers), random(seed), asks(numbers.asksPerSecond, kAsksAtOnce)
{
}

bool PathMachine::isActive(const PeerPaths &peer) const
{
    const auto isRecent = [&](const std::optional<PathTime> &at) { return at && *at + policy.activeFor > now; };
    return isRecent(peer.lastPayload) || isRecent(peer.lastWanted);
}

bool PathMachine::isLive(const PeerPaths &peer) const
{
    return peer.lastPayload && *peer.lastPayload + policy.trialIdle > now;
}

void PathMachine::work()
{
    if (trial && trial->since + policy.trialLimit <= now)
        trial.reset();
    for (auto &[key, peer] : peers)
        workOn(peer);
    restOrPoll();
    askDueNames();
    tellOnLink();
    noteLedger();
    dueBefore = wakeAt();
}

void PathMachine::workOn(PeerPaths &peer)
{
    if (peer.move && peer.move->since + policy.moveLimit <= now)
        endMove(peer, {peer.configured.publicKey, peer.move->to, MoveOutcome::Refused, {}});
    if (isHeld())
        return;
    askOnLink(peer);
    sendDue(peer);
    if (isBusy(peer)) {
        watch(peer);
        if (peer.nextSearch && *peer.nextSearch <= now)
            scheduleSearch(peer);
        if (peer.confirmAt && *peer.confirmAt <= now) {
            peer.confirmAt.reset();
            look(peer);
        }
        sendDue(peer);
    }
    consider(peer);
    considerTrial(peer);
}

std::optional<PathTime> PathMachine::wakeFor(const PeerPaths &peer) const
{
    std::optional<PathTime> due;
    if (peer.move)
        earlier(due, peer.move->since + policy.moveLimit);
    if (isHeld())
        return due;
    for (const PathCandidate &candidate : peer.table.all()) {
        if (candidate.question.isOpen())
            earlier(due, candidate.question.nextAt());
    }
    earlier(due, peer.doubtAt);
    if (peer.graceUntil && *peer.graceUntil > now)
        earlier(due, peer.graceUntil);
    if (!isBusy(peer))
        return due;
    earlier(due, peer.nextSearch);
    earlier(due, peer.confirmAt);
    if (peer.watchedSince && !peer.suspectSince)
        earlier(due, *peer.watchedSince + (peer.isAskedTwice ? policy.suspectAfter : policy.secondPing));
    return due;
}

std::optional<PathTime> PathMachine::wakeAt() const
{
    std::optional<PathTime> due;
    for (const auto &[key, peer] : peers)
        earlier(due, wakeFor(peer));
    if (trial)
        earlier(due, trial->since + policy.trialLimit);
    if (peers.empty() || isHeld())
        return due;
    if (isAwake()) {
        earlier(due, *lastTraffic + policy.activeFor);
        if (!where.networks.empty())
            earlier(due, statsAskedAt ? std::optional(*statsAskedAt + policy.statsLimit) : nextStats);
        earlier(due, nextNameAt());
    } else if (statsAskedAt) {
        earlier(due, *statsAskedAt + policy.statsLimit);
    }
    // Whatever could not be done now is not tried again at once.
    return due ? std::optional(std::max(*due, now + std::chrono::milliseconds(1))) : due;
}

} // namespace sallyport
