// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/peer_move.h"

#include <functional>

namespace sallyport::probe {

/// Moves running connections to other endpoints without losing a packet (real-kernel.md section 2b; ADR 19). Owns the
/// table `inet sallyport_pin`: it is there only while something moves, and no plan knows of it. Nothing here waits:
/// requests to the kernel are short, the rest are timers.
class EndpointMover : public QObject {
    Q_OBJECT

public:
    using Answer = std::function<void(const meshlink::Moved &)>;

    explicit EndpointMover(const MovePorts &ports, QObject *parent = nullptr);
    /// Nothing of a move outlives it but the endpoint.
    ~EndpointMover() override;

    /// Removes what a helper before us may have left. Fails where the kernel has no nftables; moves work then, too.
    Result<Done> start();
    /// A second move of the same peer takes the place of the first, which is answered as refused at once. `answer` is
    /// called exactly once, perhaps before this returns, and not at all after destruction.
    void move(const meshlink::MoveEndpoint &request, Answer answer);
    bool isMoving(const PublicKey &peer) const { return m_moves.contains(peer); }

private:
    void settle();

    const MovePorts m_ports;
    PinBoard m_board;
    QTimer m_settle;
    std::map<PublicKey, std::unique_ptr<PeerMove>> m_moves;
};

} // namespace sallyport::probe
