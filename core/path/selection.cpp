// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/selection.h"

#include "core/path/machine.h"

namespace sallyport {

struct PathSelection::State {
    PathMachine machine;
    PathClock clock;
};

PathSelection::PathSelection(quint64 seed, const PathPolicy &policy)
    : m_state(std::make_unique<State>(State{PathMachine(seed, policy), {}}))
{
}

PathSelection::~PathSelection() = default;

std::vector<PathRequest> PathSelection::advance(const PathInput &input, PathTime now)
{
    PathMachine &machine = m_state->machine;
    machine.now = m_state->clock.inside(now);
    // Nobody was there when something was due: the machine slept, told or not.
    const bool hasSlept = machine.dueBefore && *machine.dueBefore + machine.policy.leap < machine.now;
    if (hasSlept && !machine.isAsleep)
        machine.take(Woke{});
    std::visit([&](const auto &each) { machine.take(each); }, input);
    machine.work();
    return std::exchange(machine.requests, {});
}

std::optional<PathTime> PathSelection::wakeAt() const
{
    const auto due = m_state->machine.dueBefore;
    return due ? std::optional(m_state->clock.outside(*due)) : std::nullopt;
}

std::vector<LedgerPeer> PathSelection::ledger(PathTime now) const
{
    const PathClock clock = m_state->clock;
    return m_state->machine.ledger(std::max(m_state->machine.now, PathClock(clock).inside(now)));
}

} // namespace sallyport
