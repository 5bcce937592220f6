// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_wireguard.h"

namespace sallyport::sim {

using namespace std::chrono_literals;

namespace {

constexpr quint64 kInitiationBytes = 148;
constexpr quint64 kResponseBytes = 92;
constexpr quint64 kKeepaliveBytes = 32;
constexpr quint64 kPayloadBytes = 1232;

} // namespace

void Wireguard::transmit(Packet packet)
{
    if (!endpoint)
        return;
    packet.sender = m_self;
    packet.to = *endpoint;
    sentBytes += packet.bytes;
    m_send(std::move(packet));
}

void Wireguard::initiate(Time now)
{
    if (m_initiatedAt && now - *m_initiatedAt < 5s)
        return;
    m_initiatedAt = now;
    Packet packet;
    packet.kind = Packet::Kind::Initiation;
    packet.bytes = kInitiationBytes;
    packet.session = static_cast<quint64>(now.count()) * 2 + static_cast<quint64>(m_self) + 1;
    transmit(packet);
}

void Wireguard::sendPayload(Time now, bool isEcho)
{
    const bool hasKeys = m_session != 0 && handshakeAt && now - *handshakeAt < 180s;
    if (!hasKeys) {
        m_isQueued = true;
        initiate(now);
        return;
    }
    Packet packet;
    packet.bytes = kPayloadBytes;
    packet.session = m_session;
    packet.isPayload = true;
    packet.isEcho = isEcho;
    if (m_unansweredSince == Time(0))
        m_unansweredSince = now;
    m_sentAt = now;
    transmit(packet);
    const bool isOld = m_isInitiator && now - *handshakeAt > 120s;
    const bool isUnanswered = now - m_unansweredSince > 15s;
    if (isOld || isUnanswered)
        initiate(now);
}

void Wireguard::pin(const Endpoint &old, const Endpoint &fresh, Time until)
{
    m_pin = Pin{old, fresh, until};
}

void Wireguard::forgetKeys()
{
    m_session = m_previous = m_next = 0;
}

/// Authenticated: that is where the peer is now.
void Wireguard::take(const Packet &packet)
{
    receivedBytes += packet.bytes;
    endpoint = packet.from;
    m_unansweredSince = Time(0);
}

void Wireguard::receive(const Packet &packet, Time now)
{
    Packet seen = packet;
    if (m_pin && now < m_pin->until && seen.from == m_pin->old)
        seen.from = m_pin->fresh;
    if (seen.kind == Packet::Kind::Data)
        return receiveData(seen, now);
    take(seen);
    handshakeAt = now;
    m_receivedAt = now;
    m_isInitiator = seen.kind == Packet::Kind::Response;
    if (seen.kind == Packet::Kind::Initiation) {
        Packet response;
        response.kind = Packet::Kind::Response;
        response.bytes = kResponseBytes;
        response.session = seen.session;
        // Not used before the other side has shown that it has it, too.
        m_next = seen.session;
        m_initiatedAt = now;
        return transmit(response);
    }
    m_previous = std::exchange(m_session, seen.session);
    if (!std::exchange(m_isQueued, false))
        return sendKeepalive(now);
    sendPayload(now);
}

void Wireguard::sendKeepalive(Time now)
{
    m_sentAt = now;
    Packet keepalive;
    keepalive.bytes = kKeepaliveBytes;
    keepalive.session = m_session;
    transmit(keepalive);
}

void Wireguard::receiveData(const Packet &packet, Time now)
{
    if (packet.session == 0)
        return;
    if (packet.session == m_next) {
        m_previous = std::exchange(m_session, std::exchange(m_next, 0));
        if (std::exchange(m_isQueued, false))
            sendPayload(now);
    }
    if (packet.session != m_session && packet.session != m_previous)
        return;
    take(packet);
    if (!packet.isPayload)
        return;
    ++receivedPayload;
    if (packet.isEcho)
        return sendPayload(now);
    if (now - m_sentAt > 10s)
        sendKeepalive(now);
}

} // namespace sallyport::sim
