// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/move_ports.h"

#include <map>

namespace sallyport::probe {

/// The pins of all peers that are moving: one table, which is replaced as a whole.
class PinBoard {
public:
    explicit PinBoard(PinPort &port) : m_port(port) {}

    /// Refused: none of them is in force, those of others still are.
    Result<Done> pin(const PublicKey &peer, std::vector<Pin> pins);
    void unpin(const PublicKey &peer);

    /// Writes what should be in force, if that failed before. A pin that stays would keep a peer from coming back.
    Result<Done> settle();
    bool isSettled() const { return m_isSettled; }

private:
    Result<Done> write();

    PinPort &m_port;
    std::map<PublicKey, std::vector<Pin>> m_pins;
    bool m_isSettled = false; ///< a helper before us may have left some
};

} // namespace sallyport::probe
