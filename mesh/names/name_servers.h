// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <QDBusConnection>
#include <QObject>

#include <functional>

namespace sallyport::mesh {

/// The `nameserver` lines of a resolv.conf(5).
std::vector<Endpoint> serversIn(const QByteArray &resolvConf);

/// What home's tunnel carries, and what is reached without it.
struct TunnelView {
    std::vector<Prefix> inside;
    std::vector<Prefix> onLink; ///< networks that we stand on
    quint32 homeLink = 0; ///< index of sally-home
};

/// What systemd-resolved does with names, if it is what the system asks.
struct StubView {
    bool asksHome = false; ///< this name would be asked through sally-home
    std::vector<Endpoint> servers; ///< those that it asks itself
};

/// Whom to ask for the address of an endpoint: the servers of the system, but none that is reached through home, whose
/// tunnel may be waiting for that very answer. Empty: nobody.
std::vector<Endpoint> serversToAsk(
    const std::vector<Endpoint> &configured, const std::optional<StubView> &stub, const TunnelView &tunnel);

/// The system's servers, looked up anew for each name: they change with the network, and there are few names.
class NameServers : public QObject {
    Q_OBJECT

public:
    using Found = std::function<void(const std::vector<Endpoint> &servers)>;

    explicit NameServers(QDBusConnection bus, QObject *parent = nullptr);

    void setTunnel(const TunnelView &tunnel) { m_tunnel = tunnel; }
    void find(const QString &name, const Found &found);

private:
    void askResolved(const QString &name, const std::vector<Endpoint> &configured, const Found &found);

    QDBusConnection m_bus;
    TunnelView m_tunnel;
};

} // namespace sallyport::mesh
