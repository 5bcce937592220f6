// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/move_ports.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>
#include <map>
#include <set>

namespace sallyport::test {

/// A machine with WireGuard peers that answer over whatever path they were last spoken to: what comes in now left by the
/// endpoint of a round trip ago, and takes the endpoint with it unless a pin catches it. That is what makes moving hard.
class FakeTunnel : public QObject,
                   public probe::PeerPort,
                   public probe::PinPort,
                   public probe::RoutePort,
                   public probe::CarryPort,
                   public probe::EchoPort {
    Q_OBJECT

public:
    FakeTunnel();

    struct FakePeer {
        PeerStats stats;
        std::vector<Prefix> allowedIps;
        std::chrono::milliseconds roundTrip{0};
        bool isTalking = false; ///< a packet comes in every millisecond
        std::set<Endpoint> reachableAt; ///< echo requests are answered from there, after a round trip
        std::deque<std::pair<qint64, Endpoint>> spokenTo; ///< milliseconds; what the packets really went to
    };
    FakePeer &add(const PublicKey &key, const Endpoint &endpoint);
    FakePeer &peer(const PublicKey &key) { return m_peers.at(key); }
    std::optional<Endpoint> endpointOf(const PublicKey &key) const { return m_peers.at(key).stats.endpoint; }
    void remove(const PublicKey &key) { m_peers.erase(key); }

    std::vector<Pin> pins; ///< in force
    bool hasPins = true; ///< false: the kernel refuses them
    bool takesSettings = true;
    bool hasCarriers = true;
    std::map<quint16, Endpoint> carriers; ///< that live, by their ports
    std::map<Endpoint, probe::LocalPath> paths;
    int settings = 0; ///< of endpoints, so far
    std::vector<std::pair<IpAddress, Endpoint>> echoes; ///< sent, and by which endpoint

    Result<std::optional<probe::PeerReading>> read(const PublicKey &key) override;
    Result<Done> setEndpoint(const PublicKey &key, const Endpoint &endpoint) override;
    Result<Done> put(const std::vector<Pin> &all) override;
    Result<std::optional<probe::LocalPath>> pathTo(const Endpoint &endpoint) override;
    Result<std::unique_ptr<probe::Carriage>> carry(Family from, const Endpoint &to, quint16 listenPort) override;
    Result<Done> send(const IpAddress &to) override;
    probe::MovePorts ports() { return {*this, *this, *this, *this}; }

private:
    void tick();
    void receive(FakePeer &peer, const Endpoint &from);
    Endpoint wayOut(const Endpoint &endpoint) const;
    static Endpoint pathThen(const FakePeer &peer, qint64 time);

    std::map<PublicKey, FakePeer> m_peers;
    QTimer m_tick;
    QElapsedTimer m_clock;
};

} // namespace sallyport::test
