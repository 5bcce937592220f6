// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "helper/probe/move_ports.h"
#include "helper/probe/traffic_memory.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>

namespace sallyport::probe {

/// Finds out whether a peer that answers no probes can be reached at an endpoint: sets it, sends echo requests into the
/// tunnel, and believes WireGuard alone: its counter grows and its endpoint stays only by packets that the peer itself
/// has sealed. Only while the peer is idle or dead; goes back within the window. One at a time.
class EndpointTrial : public QObject {
    Q_OBJECT

public:
    using Answer = std::function<void(const meshlink::Tried &)>;
    using Clock = std::function<PathTime()>;

    EndpointTrial(PeerPort &peers, EchoPort &echo, TrafficMemory &memory, Clock clock, QObject *parent = nullptr);
    ~EndpointTrial() override;

    /// Waits for the trials before it; refused (not answered, nothing set) if the peer is in use or too many wait.
    /// `answer` is called exactly once and not at all after destruction.
    void tryOut(const meshlink::TryEndpoint &request, Answer answer);
    bool isTrying(const PublicKey &peer) const { return m_isTrying && m_request.peer == peer; }

private:
    struct Waiting {
        meshlink::TryEndpoint request;
        Answer answer;
    };

    void begin();
    bool mayTry(const PeerStats &stats);
    void echo();
    void poll();
    void goBack();
    void answerWith(bool hasAnswered, const std::optional<Endpoint> &now);

    PeerPort &m_peers;
    EchoPort &m_echo;
    TrafficMemory &m_memory;
    Clock m_clock;
    std::deque<Waiting> m_waiting;
    QTimer m_window;
    QTimer m_poll;
    QTimer m_echoes;
    bool m_isTrying = false;
    meshlink::TryEndpoint m_request;
    Answer m_answer;
    std::optional<Endpoint> m_before;
    std::optional<IpAddress> m_inside; ///< where echo requests go
    quint64 m_receivedBefore = 0;
    int m_sent = 0;
};

} // namespace sallyport::probe
