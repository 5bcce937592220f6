// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/endpoint_trial.h"

#include "helper/probe/move_rules.h"

#include <algorithm>
#include <utility>

namespace sallyport::probe {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kMostWaiting = 16;
constexpr milliseconds kLongestWindow = 250ms;
constexpr milliseconds kShortestWindow = 20ms;
constexpr milliseconds kPollEvery = 10ms;
constexpr std::chrono::seconds kSessionLifetime = 180s; ///< REJECT_AFTER_TIME of WireGuard
constexpr int kEchoes = 3;

/// The peer's own address inside the mesh: where a single one is allowed.
std::optional<IpAddress> addressInside(const std::vector<Prefix> &allowedIps)
{
    const auto host = std::ranges::find_if(
        allowedIps, [](const Prefix &prefix) { return prefix.length() == prefix.address().bitLength(); });
    return host == allowedIps.end() ? std::nullopt : std::optional(host->address());
}

} // namespace

EndpointTrial::EndpointTrial(PeerPort &peers, EchoPort &echo, TrafficMemory &memory, Clock clock, QObject *parent)
    : QObject(parent), m_peers(peers), m_echo(echo), m_memory(memory), m_clock(std::move(clock))
{
    for (QTimer *timer : {&m_window, &m_poll, &m_echoes})
        timer->setTimerType(Qt::PreciseTimer);
    m_window.setSingleShot(true);
    connect(&m_window, &QTimer::timeout, this, &EndpointTrial::goBack);
    connect(&m_poll, &QTimer::timeout, this, &EndpointTrial::poll);
    connect(&m_echoes, &QTimer::timeout, this, &EndpointTrial::echo);
}

EndpointTrial::~EndpointTrial()
{
    if (m_isTrying && m_before)
        (void)m_peers.setEndpoint(m_request.peer, *m_before);
}

void EndpointTrial::tryOut(const meshlink::TryEndpoint &request, Answer answer)
{
    if (m_waiting.size() >= kMostWaiting)
        return answer({request.request, false, {}});
    m_waiting.push_back({request, std::move(answer)});
    QTimer::singleShot(0, this, &EndpointTrial::begin);
}

void EndpointTrial::begin()
{
    if (m_isTrying || m_waiting.empty())
        return;
    std::tie(m_request, m_answer) = std::pair(m_waiting.front().request, std::move(m_waiting.front().answer));
    m_waiting.pop_front();
    m_isTrying = true;
    m_request.window = std::clamp(m_request.window, kShortestWindow, kLongestWindow);
    const auto reading = m_peers.read(m_request.peer);
    if (!reading || !*reading)
        return answerWith(false, {});
    const PeerStats &stats = (*reading)->stats;
    m_before = stats.endpoint;
    m_receivedBefore = stats.receivedBytes;
    m_inside = addressInside((*reading)->allowedIps);
    if (!mayTry(stats) || !m_peers.setEndpoint(m_request.peer, m_request.to))
        return answerWith(false, m_before);
    m_sent = 0;
    m_window.start(m_request.window);
    m_poll.start(kPollEvery);
    m_echoes.start(m_request.window / 4);
    echo();
}

bool EndpointTrial::mayTry(const PeerStats &stats)
{
    const PathTime now = m_clock();
    m_memory.note(stats, now);
    const bool isDead = !stats.handshakeAge || *stats.handshakeAge > kSessionLifetime;
    const bool isElsewhere = stats.endpoint != m_request.to;
    return m_inside && isElsewhere && isSendable(m_request.to) && (isDead || m_memory.isIdle(stats, now));
}

void EndpointTrial::echo()
{
    (void)m_echo.send(*m_inside); // what cannot be sent is not answered
    if (++m_sent == kEchoes)
        m_echoes.stop();
}

void EndpointTrial::poll()
{
    const auto reading = m_peers.read(m_request.peer);
    if (!reading || !*reading)
        return answerWith(false, {});
    const PeerStats &stats = (*reading)->stats;
    if (stats.endpoint == m_request.to && stats.receivedBytes > m_receivedBefore)
        return answerWith(true, stats.endpoint);
    // It came by another way, or somebody else chose one: that is at least as good as what we would go back to.
    if (stats.endpoint != m_request.to)
        answerWith(false, stats.endpoint);
}

void EndpointTrial::goBack()
{
    poll();
    if (!m_isTrying || !m_before)
        return m_isTrying ? answerWith(false, m_request.to) : void();
    const bool isBack = bool(m_peers.setEndpoint(m_request.peer, *m_before));
    (void)m_echo.send(*m_inside); // if the peer has followed us, it follows us back
    answerWith(false, isBack ? m_before : m_request.to);
}

void EndpointTrial::answerWith(bool hasAnswered, const std::optional<Endpoint> &now)
{
    for (QTimer *timer : {&m_window, &m_poll, &m_echoes})
        timer->stop();
    m_isTrying = false;
    const Answer answer = std::exchange(m_answer, {});
    answer({m_request.request, hasAnswered, now});
    QTimer::singleShot(0, this, &EndpointTrial::begin);
}

} // namespace sallyport::probe
