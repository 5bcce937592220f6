// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/wireguard/port.h"
#include "helper/probe/move_ports.h"

namespace sallyport::probe {

/// The peers of one WireGuard interface, whoever serves it.
class HomePeers : public PeerPort {
public:
    HomePeers(std::vector<wireguard::WireGuardPort *> backends, QString link)
        : m_backends(std::move(backends)), m_link(std::move(link))
    {
    }

    Result<std::optional<PeerReading>> read(const PublicKey &peer) override;
    Result<Done> setEndpoint(const PublicKey &peer, const Endpoint &endpoint) override;

private:
    /// Asks the one that answered last before the others.
    Result<std::optional<wireguard::Device>> device();

    std::vector<wireguard::WireGuardPort *> m_backends;
    QString m_link;
};

} // namespace sallyport::probe
