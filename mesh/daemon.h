// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/selection.h"
#include "mesh/link/helper_link.h"
#include "mesh/link/home_assembly.h"
#include "mesh/names/name_lookup.h"
#include "mesh/probe_desk.h"
#include "mesh/tunnel_nudge.h"

#include <QObject>
#include <QStringList>
#include <QTimer>

#include <deque>

namespace sallyport::mesh {

/// Carries between the world and the choice of paths: what happened goes in with the time, what it asks for is done.
class Daemon : public QObject {
    Q_OBJECT

public:
    Daemon(HelperLink &link, NameLookup &names, quint64 seed, QObject *parent = nullptr);

    void take(const PathInput &input);
    void setNetworks(const std::vector<PathNetwork> &networks);
    void setMetered(const QStringList &interfaces);
    std::vector<LedgerPeer> ledger() const;

Q_SIGNALS:
    void ledgerMoved();
    void tunnelChanged(const sallyport::mesh::TunnelView &tunnel);
    /// Something will be due within seconds.
    void busyChanged(bool busy);

private:
    void attach();
    void hear(const meshlink::ToMesh &message);
    void setHome(HomeWhole home);
    void endHome();
    void hearProbe(const meshlink::ProbeArrived &arrived);

    void carryOut(const PathRequest &request);
    void send(const AskProbe &probe);
    void move(const AskMove &move);
    void attempt(const AskTrial &trial);
    void readStats();
    void tellOnLink(const TellOnLink &onLink);
    void watchActivity();

    void tellNetworks();
    void tellTunnel();
    void armTimer();
    const PathPeer *peerOf(const PublicKey &key) const;

    HelperLink &m_link;
    NameLookup &m_names;
    PathSelection m_selection;
    HomeAssembly m_assembly;
    std::optional<meshlink::HomeSetup> m_home;
    std::vector<PathPeer> m_peers;
    ProbeDesk m_desk;
    TunnelNudge m_nudge;

    std::vector<PathNetwork> m_networks;
    QStringList m_metered;
    TellOnLink m_onLink;
    bool m_awaitsActivity = false;
    bool m_awaitsStats = false;
    std::map<PublicKey, bool> m_moving; ///< and whether it has asked us to start the handshake meanwhile

    std::deque<PathInput> m_inputs;
    bool m_isAdvancing = false;
    bool m_isBusy = false;
    QTimer m_wake;
};

} // namespace sallyport::mesh
