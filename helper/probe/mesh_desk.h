// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ports/secrets.h"
#include "helper/probe/activity_watch.h"
#include "helper/probe/mesh_home.h"
#include "helper/probe/mesh_link.h"
#include "helper/probe/probe_socket.h"

namespace sallyport::probe {

/// What is done with home's peers for meshd. `moved` and `tried` are called once, perhaps at once.
struct MeshPorts {
    std::function<Result<std::vector<PeerStats>>()> stats;
    std::function<void(const meshlink::MoveEndpoint &, std::function<void(const meshlink::Moved &)> moved)> move;
    std::function<void(const meshlink::TryEndpoint &, std::function<void(const meshlink::Tried &)> tried)> tryOut;
};

struct MeshParts {
    MeshLink &link;
    ProbeSocket &probes;
    ActivityWatch &activity;
    const Secrets &secrets;
};

/// Tells meshd what home is and does what meshd asks, within limits and for home's peers only: whoever has taken meshd over
/// can send probes and choose between endpoints, no more.
class MeshDesk : public QObject {
    Q_OBJECT

public:
    MeshDesk(const MeshParts &parts, MeshPorts ports, QObject *parent = nullptr);

    /// What is now. Told to meshd if it is another home than before.
    void show(const std::optional<MeshHome> &home, const Surroundings &around);
    const MeshWord &word() const { return m_word; }

Q_SIGNALS:
    /// What meshd has found out; nothing some seconds after it has gone.
    void wordChanged(const sallyport::MeshWord &word);

private:
    void welcome();
    void miss();
    void forgetOldWord();
    void say(MeshWord word);
    void adjustProbes();
    void tellHome();
    void tellPeers();
    void take(const meshlink::ToHelper &message);
    void take(const meshlink::SendProbe &probe);
    void take(const meshlink::ReadStats &question);
    void take(const meshlink::MoveEndpoint &request);
    void take(const meshlink::TryEndpoint &request);
    void take(const meshlink::OnLink &list);
    void take(const meshlink::WatchActivity &);
    bool isPeer(const PublicKey &key) const;
    bool isPhysical(quint32 interfaceIndex) const;

    MeshLink &m_link;
    ProbeSocket &m_probes;
    ActivityWatch &m_activity;
    const Secrets &m_secrets;
    const MeshPorts m_ports;
    std::optional<MeshHome> m_home;
    std::vector<quint32> m_physical; ///< interfaces that probes may leave by
    quint64 m_generation = 0;
    std::size_t m_told = 0; ///< peers of this generation
    QTimer m_more; ///< there are more of them
    MeshWord m_word;
    bool m_isWordOld = false; ///< of a meshd that has gone
    QTimer m_grace;
    TokenBucket m_probeRate;
    TokenBucket m_statsRate;
    TokenBucket m_moveRate;
    bool m_isTrying = false;
    std::shared_ptr<int> m_session; ///< answers that belong to an earlier meshd are not for this one
};

} // namespace sallyport::probe
