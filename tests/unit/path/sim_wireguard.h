// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/unit/path/sim_site.h"

#include <functional>

namespace sallyport::sim {

struct Packet {
    enum class Kind : quint8 { Data, Initiation, Response, Probe };
    Kind kind = Kind::Data;
    Endpoint from;
    Endpoint to;
    quint32 interfaceIndex = 0; ///< asked for by the sender; 0: whichever routing says
    int sender = 0; ///< who made it, whatever the addresses say
    quint64 session = 0;
    quint64 bytes = 0;
    bool isPayload = false;
    bool isEcho = false;
    Probe probe;
};

/// What the kernel's WireGuard does with one peer: the endpoint follows every authenticated packet, a handshake at most every
/// five seconds, keys for three minutes.
class Wireguard {
public:
    Wireguard(int self, std::function<void(Packet)> send) : m_self(self), m_send(std::move(send)) {}

    std::optional<Endpoint> endpoint;
    quint64 receivedBytes = 0;
    quint64 sentBytes = 0;
    std::optional<Time> handshakeAt;
    quint64 receivedPayload = 0; ///< packets

    void sendPayload(Time now, bool isEcho = false);
    void receive(const Packet &packet, Time now);
    void forgetKeys();
    /// Late packets of the old path are taken for ones of the new path, until then.
    void pin(const Endpoint &old, const Endpoint &fresh, Time until);

private:
    void transmit(Packet packet);
    void initiate(Time now);
    void take(const Packet &packet);
    void sendKeepalive(Time now);
    void receiveData(const Packet &packet, Time now);

    struct Pin {
        Endpoint old;
        Endpoint fresh;
        Time until;
    };
    int m_self;
    std::function<void(Packet)> m_send;
    quint64 m_session = 0;
    quint64 m_previous = 0;
    quint64 m_next = 0;
    std::optional<Time> m_initiatedAt;
    std::optional<Time> m_receivedAt;
    Time m_sentAt{0};
    Time m_unansweredSince{0};
    bool m_isQueued = false;
    bool m_isInitiator = false;
    std::optional<Pin> m_pin;
};

} // namespace sallyport::sim
