// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"
#include "core/plan/operation.h"
#include "core/ports/secrets.h"

namespace sallyport::wireguard {

/// What a WireGuard device says about itself.
struct Device {
    PublicKey publicKey; ///< null: no private key set
    quint16 listenPort = 0;
    quint32 mark = 0;
    std::vector<ObservedPeer> peers; ///< sorted by public key, their allowed IPs sorted and unique

    bool operator==(const Device &) const = default;
};

/// Reading and changing WireGuard devices. Two implementations that mean the same: the kernel's generic netlink and
/// the text protocol of user-space programs.
class WireGuardPort {
public:
    virtual ~WireGuardPort() = default;
    /// Empty: nobody serves such a link, or no longer. Any other failure says nothing about the link.
    virtual Result<std::optional<Device>> get(const QString &link) = 0;
    virtual Result<Done> set(const ConfigureWireGuard &change) = 0;
};

/// The device as others may compare it: peers by key, allowed IPs sorted and unique.
void normalise(Device &device);

/// What is being tried, with the port if it is one of the things to set: it may be in use.
QString describeSet(const ConfigureWireGuard &change);

/// The secret of that name, or NotConfigured.
Result<const SecretKey *> secretNamed(const QString &name, const Secrets &secrets);

/// How long ago a handshake was; none for the zero time that means "never".
std::optional<std::chrono::seconds> handshakeAge(qint64 seconds, qint64 nanoseconds);

} // namespace sallyport::wireguard
