// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"

#include <random>

namespace sallyport::test {

/// Probes and messages of any content that may occur, from a seed.
class RandomPaths {
public:
    explicit RandomPaths(quint64 seed) : m_random(seed) {}

    Probe ping();
    Probe pong();

    // One function for each message.
    meshlink::HomeSetup homeSetup();
    meshlink::PeerSetup peerSetup();
    meshlink::ProbeArrived probeArrived();
    meshlink::Stats stats();
    meshlink::Moved moved();
    meshlink::Tried tried();
    meshlink::SendProbe sendProbe();
    meshlink::ReadStats readStats();
    meshlink::MoveEndpoint moveEndpoint();
    meshlink::TryEndpoint tryEndpoint();
    meshlink::OnLink onLink();

    /// One of each.
    std::vector<meshlink::ToMesh> toMesh();
    std::vector<meshlink::ToHelper> toHelper();

    IpAddress address();
    Endpoint endpoint();
    PublicKey key();

private:
    template<class T>
    T any()
    {
        return static_cast<T>(m_random());
    }
    quint64 from(quint64 least, quint64 most) { return std::uniform_int_distribution<quint64>(least, most)(m_random); }
    bool coin() { return from(0, 1) == 1; }
    void fill(std::span<quint8> bytes);
    template<class Make>
    auto some(std::size_t most, Make make)
    {
        std::vector<std::invoke_result_t<Make>> values(from(0, most));
        std::ranges::generate(values, make);
        return values;
    }
    template<class Make>
    auto maybe(Make make)
    {
        return coin() ? std::optional(make()) : std::nullopt;
    }
    QByteArray payload();
    quint32 index();
    quint16 port();
    InterfaceAddress interfaceAddress();
    Prefix prefix();
    HostEndpoint hostEndpoint();
    ConfiguredPlace place();
    PeerStats peerStats();

    std::mt19937_64 m_random;
};

/// Its own each time; SALLYPORT_SEED repeats one. Printed.
quint64 seedOfThisRun();

} // namespace sallyport::test
