// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "helper/probe/move_rules.h"
#include "helper/probe/pin_board.h"

#include <QObject>
#include <QTimer>

namespace sallyport::probe {

/// One peer on its way to another endpoint: an attempt sets the endpoint, looks after late packets for a window, and
/// reads back. Ends with `finished`, once.
class PeerMove : public QObject {
    Q_OBJECT

public:
    PeerMove(const meshlink::MoveEndpoint &request, const MovePorts &ports, PinBoard &board);

    /// `left` are paths that an earlier move of this peer has not yet done with.
    void start(std::vector<Endpoint> left);
    /// Ends it as refused. What is under way over these paths has to be looked after by whoever comes next.
    std::vector<Endpoint> giveUp();

Q_SIGNALS:
    void finished(const meshlink::Moved &moved);

private:
    void takePaths(std::vector<Endpoint> left);
    LeftPath leave(const Endpoint &endpoint);
    void attempt();
    bool set();
    void repeat();
    void endWindow();
    void readBack();
    void finish(MoveOutcome outcome);

    const meshlink::MoveEndpoint m_request;
    const MovePorts m_ports;
    PinBoard &m_board;
    QTimer m_window;
    QTimer m_repeat;
    QTimer m_reading;
    std::optional<Endpoint> m_now;
    std::vector<LeftPath> m_left;
    std::vector<std::unique_ptr<Carriage>> m_carriages;
    PeerPath m_target;
    MoveWay m_way = MoveWay::Set;
    MoveTimes m_times;
    quint16 m_listenPort = 0;
    quint64 m_receivedBefore = 0;
    std::size_t m_repeats = 0;
    int m_attempt = 0;
    int m_readings = 0; ///< still to be done
};

} // namespace sallyport::probe
