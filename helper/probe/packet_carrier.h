// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/move_ports.h"

namespace sallyport::probe {

/// Carries packets that our own WireGuard has sealed and the kernel has brought to a local socket, unread, out by another
/// path, with WireGuard's port and mark. Nothing that came from a network gets here: the socket takes in only what bears
/// home's mark, and the one that sends takes in nothing.
class PacketCarrier : public CarryPort {
public:
    Result<std::unique_ptr<Carriage>> carry(Family from, const Endpoint &to, quint16 listenPort) override;
};

} // namespace sallyport::probe
