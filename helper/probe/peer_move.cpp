// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/peer_move.h"

#include <QRandomGenerator>

#include <algorithm>

namespace sallyport::probe {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

/// A packet that had passed the input hook already when the drop rule came still takes the endpoint back, and no later
/// one corrects it.
constexpr std::array<milliseconds, 2> kDropRepeats = {5ms, 15ms};

/// The one that was left may be unroutable by now.
std::optional<LocalPath> known(const Result<std::optional<LocalPath>> &path)
{
    return path ? *path : std::nullopt;
}

} // namespace

PeerMove::PeerMove(const meshlink::MoveEndpoint &request, const MovePorts &ports, PinBoard &board)
    : m_request(request), m_ports(ports), m_board(board), m_target{request.to, {}}
{
    for (QTimer *timer : {&m_window, &m_repeat, &m_reading}) {
        timer->setTimerType(Qt::PreciseTimer);
        timer->setSingleShot(true);
    }
    connect(&m_window, &QTimer::timeout, this, &PeerMove::endWindow);
    connect(&m_repeat, &QTimer::timeout, this, &PeerMove::repeat);
    connect(&m_reading, &QTimer::timeout, this, &PeerMove::readBack);
}

void PeerMove::start(std::vector<Endpoint> left)
{
    const auto reading = m_ports.peers.read(m_request.peer);
    if (!reading || !*reading)
        return finish(MoveOutcome::Refused);
    m_now = (*reading)->stats.endpoint;
    m_listenPort = (*reading)->listenPort;
    if (m_now)
        left.push_back(*m_now);
    takePaths(std::move(left));
    if (m_left.empty() && m_now)
        return finish(MoveOutcome::Held); // it is there, and nothing is under way elsewhere
    attempt();
}

std::vector<Endpoint> PeerMove::giveUp()
{
    finish(MoveOutcome::Refused);
    std::vector<Endpoint> left = {m_request.to};
    for (const LeftPath &each : m_left)
        left.push_back(each.path.endpoint);
    return left;
}

void PeerMove::takePaths(std::vector<Endpoint> left)
{
    std::ranges::sort(left);
    left.erase(std::ranges::unique(left).begin(), left.end());
    std::erase(left, m_request.to);
    m_target.local = known(m_ports.routes.pathTo(m_request.to));
    for (const Endpoint &endpoint : left) {
        m_left.push_back(leave(endpoint));
        m_way = std::max(m_way, m_left.back().way);
    }
}

LeftPath PeerMove::leave(const Endpoint &endpoint)
{
    LeftPath left;
    left.path = {endpoint, known(m_ports.routes.pathTo(endpoint))};
    left.way = wayBetween(left.path, m_target);
    if (left.way != MoveWay::Carry)
        return left;
    auto carriage = m_ports.carriers.carry(endpoint.address.family(), m_request.to, m_listenPort);
    if (!carriage) {
        left.way = MoveWay::Drop;
        return left;
    }
    left.carrier = (*carriage)->port();
    m_carriages.push_back(*std::move(carriage));
    return left;
}

void PeerMove::attempt()
{
    const auto reading = m_ports.peers.read(m_request.peer);
    if (!reading || !*reading)
        return finish(MoveOutcome::Refused);
    m_receivedBefore = (*reading)->stats.receivedBytes;
    ++m_attempt;
    if (!m_board.pin(m_request.peer, pinsFor(m_left, m_target, m_listenPort)))
        m_way = MoveWay::Assert;
    m_times = timesOf(m_way, m_request.roundTrip, m_attempt);
    m_repeats = 0;
    if (!set())
        return finish(MoveOutcome::Refused);
    m_window.start(m_way == MoveWay::Set ? 0ms : m_times.window);
    repeat();
}

bool PeerMove::set()
{
    return bool(m_ports.peers.setEndpoint(m_request.peer, m_request.to));
}

/// Armed before it is needed: the first call comes right after the first setting.
void PeerMove::repeat()
{
    if (m_repeats++ > 0)
        (void)set(); // the read-backs tell
    if (m_way == MoveWay::Drop && m_repeats <= kDropRepeats.size())
        m_repeat.start(kDropRepeats[m_repeats - 1]);
    // A period that divides the round trip would hit the same packets in every round.
    if (m_way == MoveWay::Assert)
        m_repeat.start(milliseconds(QRandomGenerator::global()->bounded(3)) * m_times.repeat.count());
}

void PeerMove::endWindow()
{
    m_repeat.stop();
    if (m_way == MoveWay::Carry) // late packets have taken it back all the time
        (void)set();
    m_board.unpin(m_request.peer);
    m_readings = m_way == MoveWay::Set ? 1 : kReadings;
    readBack();
}

void PeerMove::readBack()
{
    const auto reading = m_ports.peers.read(m_request.peer);
    if (!reading || !*reading)
        return finish(MoveOutcome::Refused);
    m_now = (*reading)->stats.endpoint;
    const bool isThere = m_now == m_request.to;
    if (!isThere) { // an endpoint that somebody else chose is told and left alone
        const bool isLeft
            = m_now && std::ranges::any_of(m_left, [&](const LeftPath &each) { return each.path.endpoint == *m_now; });
        return isLeft && m_attempt < kAttempts ? attempt() : finish(MoveOutcome::SlippedBack);
    }
    // Nothing has come in since before the setting, so nothing can have taken it back and nothing will.
    const bool isSilent = (*reading)->stats.receivedBytes == m_receivedBefore;
    if (--m_readings == 0 || isSilent)
        return finish(MoveOutcome::Held);
    m_reading.start(m_times.reading);
}

void PeerMove::finish(MoveOutcome outcome)
{
    for (QTimer *timer : {&m_window, &m_repeat, &m_reading})
        timer->stop();
    m_board.unpin(m_request.peer);
    Q_EMIT finished({m_request.request, outcome, m_now});
}

} // namespace sallyport::probe
