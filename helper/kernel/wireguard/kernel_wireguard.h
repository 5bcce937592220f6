// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/socket.h"
#include "helper/kernel/wireguard/port.h"

namespace sallyport::wireguard {

/// WireGuard in the kernel, over generic netlink.
class KernelWireGuard : public WireGuardPort {
public:
    explicit KernelWireGuard(const Secrets &secrets) : m_secrets(secrets), m_socket(NETLINK_GENERIC) {}

    Result<std::optional<Device>> get(const QString &link) override;
    Result<Done> set(const ConfigureWireGuard &change) override;

private:
    /// The number that the kernel gave to the `wireguard` family. Asked for until the module is there.
    Result<quint16> family();

    const Secrets &m_secrets;
    netlink::Socket m_socket;
    quint16 m_family = 0;
};

} // namespace sallyport::wireguard
