// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/links.h"
#include "helper/kernel/paths.h"

#include <QDateTime>

namespace sallyport::wireguard {

/// A WireGuard device that a user-space program serves. The TUN interface is made here, so that it has our name and
/// group before the program starts; it vanishes with the program. The program outlives the helper.
class UserspaceDevice {
public:
    UserspaceDevice(netlink::Links &links, const Paths &paths) : m_links(links), m_paths(paths) {}

    /// Done when the program answers on its socket. Fails with FeatureMissing, saying what to install.
    Result<Done> create(const QString &name);
    /// Deletes the interface, which ends the program, and removes the socket that it may leave behind.
    Result<Done> remove(const netlink::Link &link);

private:
    /// The TUN flags that this build of the program understands, asked for once as long as its file stays the same.
    Result<short> tunFlags();
    QString socketPath(const QString &name) const;
    Result<Done> awaitSocket(const QString &name);

    netlink::Links &m_links;
    const Paths &m_paths;
    std::optional<short> m_tunFlags;
    QDateTime m_programTime; ///< of the file from which m_tunFlags is
};

} // namespace sallyport::wireguard
