// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/selection.h"
#include "tests/unit/path/sim_internet.h"

namespace sallyport::sim {

/// What a device has asked for, with the time of each.
struct Record {
    std::vector<Time> questions;
    std::vector<Time> moves;
    std::vector<Time> stats;
    std::vector<Time> requests; ///< of any kind but answers
    std::vector<Time> trials;
    int answers = 0;
    int advances = 0;
    int slips = 0;
};

/// One device: WireGuard, and perhaps Sallyport, which sees the world only through its inputs.
class Device {
public:
    Device(int self, Internet &internet, std::function<std::vector<IpAddress>(const QString &)> resolve);

    PublicKey key;
    PublicKey other;
    Wireguard wireguard;
    std::optional<PathSelection> agent;
    Record record;
    std::vector<std::pair<PublicKey, quint32>> onLink;
    Time clockOffset{0}; ///< of the agent's clock
    bool isAsleep = false;
    Time payloadAt{0}; ///< the last

    void feed(const PathInput &input);
    void heard(const Packet &packet, quint32 interfaceIndex);
    void sendPayload();
    void tellNetworks();
    std::vector<LedgerPeer> ledger() const { return agent ? agent->ledger(agentNow()) : std::vector<LedgerPeer>(); }

private:
    PathTime agentNow() const { return PathTime(m_internet.agenda.now + clockOffset + Time(1'000'000'000)); }
    void wakeLater();
    void noteActivity();
    void handle(const PathRequest &request);
    void carryOut(const AskProbe &ask);
    void carryOut(const AskMove &ask);
    void carryOut(const AskTrial &ask);
    void carryOut(const AskName &ask);
    void carryOut(const AskStats &);
    void carryOut(const AskActivity &) { m_isWatched = true; }
    void carryOut(const TellOnLink &tell) { onLink = tell.peers; }
    void carryOut(const LedgerMoved &) {}
    void endMove(const AskMove &ask, bool hasSlipped);
    void readBack(const AskMove &ask, int left, bool hasSlipped, Time gap);

    int m_self;
    Internet &m_internet;
    std::function<std::vector<IpAddress>(const QString &)> m_resolve;
    bool m_isWatched = false;
    quint64 m_wake = 0;
};

} // namespace sallyport::sim
