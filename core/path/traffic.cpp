// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/traffic.h"

namespace sallyport {

using namespace std::chrono_literals;

namespace {

constexpr quint64 kKeepalive = 32;
constexpr quint64 kHandshake = 148; ///< the larger of its two messages
constexpr auto kKeepaliveEvery = 10s; ///< WireGuard's own, KEEPALIVE_TIMEOUT; configured ones are rarer
constexpr auto kRetryEvery = 5s; ///< REKEY_TIMEOUT
constexpr auto kRekeyEvery = 120s;

/// What WireGuard says of itself in that time. Without a session it repeats its first message.
quint64 ownWords(std::chrono::microseconds elapsed, bool hasSession)
{
    const auto times = [&](auto period) { return static_cast<quint64>(elapsed / period) + 1; };
    const quint64 handshakes = hasSession ? 2 * times(kRekeyEvery) : times(kRetryEvery) + 1;
    return times(kKeepaliveEvery) * kKeepalive + kKeepalive + handshakes * kHandshake;
}

} // namespace

TrafficNews Traffic::read(const PeerStats &stats, PathTime now)
{
    const auto before = std::exchange(m_readAt, now);
    const quint64 received = std::exchange(m_received, stats.receivedBytes);
    const quint64 sent = std::exchange(m_sent, stats.sentBytes);
    const auto shaken = m_handshakeAt;
    if (stats.handshakeAge)
        m_handshakeAt = now - *stats.handshakeAge;
    // Counters that went back: another interface of the same name.
    if (!before || stats.receivedBytes < received || stats.sentBytes < sent)
        return {};
    // Its age comes in whole seconds.
    const bool isShaking = !m_handshakeAt || (shaken && *m_handshakeAt > *shaken + 2s) || !shaken
        || now - *m_handshakeAt > kRekeyEvery - 2s;
    const auto elapsed = now - *before;
    const quint64 own = elapsed > kKeepaliveEvery || isShaking
        ? ownWords(elapsed, m_handshakeAt && now - *m_handshakeAt < 180s)
        : 2 * kKeepalive;
    TrafficNews news;
    news.hasReceived = stats.receivedBytes > received;
    news.hasSent = stats.sentBytes > sent;
    news.hasReceivedPayload = stats.receivedBytes - received > own;
    news.hasSentPayload = stats.sentBytes - sent > own;
    return news;
}

} // namespace sallyport
