// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_buffer.h"
#include "helper/handle.h"
#include "helper/kernel/system_error.h"
#include "helper/kernel/wireguard/port.h"

#include <chrono>

namespace sallyport::wireguard {

/// A connection to the socket of a user-space WireGuard program, which has to run as the same user as we do.
struct UapiConnection {
    FileHandle socket;
    int process = 0; ///< the listener's; 0 if it is not visible from here
};
/// `errorNumber` of the answer is ENOENT or ECONNREFUSED when nobody listens.
Answer connectUapi(const QString &socketPath, UapiConnection &connection);

/// WireGuard in a user-space program (wireguard-go), over the UNIX socket `<directory>/<link>.sock`.
class UapiWireGuard : public WireGuardPort {
public:
    UapiWireGuard(const Secrets &secrets, QString directory) : m_secrets(secrets), m_directory(std::move(directory)) {}

    Result<std::optional<Device>> get(const QString &link) override;
    Result<Done> set(const ConfigureWireGuard &change) override;

private:
    Result<Done> checkPortOf(const ConfigureWireGuard &change);
    Answer connect(const QString &link, UapiConnection &connection) const;

    const Secrets &m_secrets;
    QString m_directory;
};

} // namespace sallyport::wireguard
