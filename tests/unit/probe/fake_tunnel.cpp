// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/probe/fake_tunnel.h"

#include <algorithm>

namespace sallyport::test {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

FakeTunnel::FakeTunnel()
{
    m_clock.start();
    m_tick.setTimerType(Qt::PreciseTimer);
    connect(&m_tick, &QTimer::timeout, this, &FakeTunnel::tick);
    m_tick.start(1ms);
}

FakeTunnel::FakePeer &FakeTunnel::add(const PublicKey &key, const Endpoint &endpoint)
{
    FakePeer peer;
    peer.stats = {key, endpoint, 1000, 1000, 10s};
    peer.allowedIps = {*Prefix::parse(u"10.42.1.4"), *Prefix::parse(u"10.41.0.0/16")};
    peer.spokenTo.emplace_back(-1, endpoint);
    return m_peers[key] = peer;
}

Result<std::optional<probe::PeerReading>> FakeTunnel::read(const PublicKey &key)
{
    const auto found = m_peers.find(key);
    if (found == m_peers.end())
        return std::optional<probe::PeerReading>{};
    return std::optional(probe::PeerReading{51820, found->second.stats, found->second.allowedIps});
}

Result<Done> FakeTunnel::setEndpoint(const PublicKey &key, const Endpoint &endpoint)
{
    ++settings;
    const auto found = m_peers.find(key);
    if (!takesSettings || found == m_peers.end())
        return Error{Errc::KernelRefused, u"Refused."_s, {}};
    found->second.stats.endpoint = endpoint;
    return Done{};
}

Result<Done> FakeTunnel::put(const std::vector<Pin> &all)
{
    if (!hasPins && !all.empty())
        return Error{Errc::FeatureMissing, u"No nftables."_s, {}};
    pins = all;
    return Done{};
}

Result<std::optional<probe::LocalPath>> FakeTunnel::pathTo(const Endpoint &endpoint)
{
    const auto found = paths.find(endpoint);
    return found == paths.end() ? std::nullopt : std::optional(found->second);
}

namespace {

class FakeCarriage : public probe::Carriage {
public:
    FakeCarriage(std::map<quint16, Endpoint> &all, quint16 port) : m_all(all), m_port(port) {}
    ~FakeCarriage() override { m_all.erase(m_port); }
    quint16 port() const override { return m_port; }

private:
    std::map<quint16, Endpoint> &m_all;
    quint16 m_port;
};

} // namespace

Result<std::unique_ptr<probe::Carriage>> FakeTunnel::carry(Family, const Endpoint &to, quint16)
{
    if (!hasCarriers)
        return Error{Errc::KernelRefused, u"No more sockets."_s, {}};
    quint16 port = 40000;
    while (carriers.contains(port))
        ++port;
    carriers[port] = to;
    return std::unique_ptr<probe::Carriage>(std::make_unique<FakeCarriage>(carriers, port));
}

/// Goes to whoever may have that address inside.
Result<Done> FakeTunnel::send(const IpAddress &to)
{
    for (auto &[key, peer] : m_peers) {
        const bool isMeant
            = std::ranges::any_of(peer.allowedIps, [&](const Prefix &prefix) { return prefix.contains(to); });
        if (!isMeant || !peer.stats.endpoint)
            continue;
        const Endpoint by = *peer.stats.endpoint;
        echoes.emplace_back(to, by);
        peer.stats.sentBytes += 96;
        if (peer.reachableAt.contains(by))
            QTimer::singleShot(peer.roundTrip, Qt::PreciseTimer, this,
                [this, key = key, by] { m_peers.contains(key) ? receive(m_peers.at(key), by) : void(); });
    }
    return Done{};
}

void FakeTunnel::receive(FakePeer &peer, const Endpoint &from)
{
    Endpoint source = from;
    for (const Pin &pin : pins) {
        if (pin.from != from || pin.carrier)
            continue;
        if (!pin.to)
            return;
        source = *pin.to;
        break;
    }
    peer.stats.receivedBytes += 96;
    peer.stats.endpoint = source;
}

Endpoint FakeTunnel::wayOut(const Endpoint &endpoint) const
{
    for (const Pin &pin : pins) {
        if (pin.from == endpoint && pin.carrier && carriers.contains(*pin.carrier))
            return carriers.at(*pin.carrier);
    }
    return endpoint;
}

Endpoint FakeTunnel::pathThen(const FakePeer &peer, qint64 time)
{
    const auto later = std::ranges::upper_bound(peer.spokenTo, time, {}, &std::pair<qint64, Endpoint>::first);
    return later == peer.spokenTo.begin() ? peer.spokenTo.front().second : std::prev(later)->second;
}

void FakeTunnel::tick()
{
    const qint64 now = m_clock.elapsed();
    for (auto &[key, peer] : m_peers) {
        if (!peer.isTalking || !peer.stats.endpoint)
            continue;
        peer.spokenTo.emplace_back(now, wayOut(*peer.stats.endpoint));
        receive(peer, pathThen(peer, now - peer.roundTrip.count()));
    }
}

} // namespace sallyport::test
