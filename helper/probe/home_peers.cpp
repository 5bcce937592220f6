// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/home_peers.h"

#include <algorithm>

namespace sallyport::probe {

using namespace Qt::StringLiterals;

Result<std::optional<wireguard::Device>> HomePeers::device()
{
    std::optional<Error> failure;
    for (auto backend = m_backends.begin(); backend != m_backends.end(); ++backend) {
        auto device = (*backend)->get(m_link);
        if (device && *device) {
            std::rotate(m_backends.begin(), backend, std::next(backend));
            return device;
        }
        // A kernel without WireGuard is none of these.
        if (!device && device.error().code != Errc::FeatureMissing)
            failure = device.error();
    }
    if (failure)
        return *failure;
    return std::optional<wireguard::Device>{};
}

Result<std::optional<PeerReading>> HomePeers::read(const PublicKey &peer)
{
    const auto found = device();
    if (!found)
        return found.error();
    if (!*found)
        return std::optional<PeerReading>{};
    const auto &peers = (*found)->peers;
    const auto keyOf = [](const ObservedPeer &each) { return each.peer.publicKey; };
    const auto at = std::ranges::lower_bound(peers, peer, {}, keyOf);
    if (at == peers.end() || at->peer.publicKey != peer)
        return std::optional<PeerReading>{};
    const PeerActivity &activity = at->activity;
    return std::optional(PeerReading{(*found)->listenPort,
        {peer, at->peer.endpoint, activity.receivedBytes, activity.sentBytes, activity.handshakeAge},
        at->peer.allowedIps});
}

Result<Done> HomePeers::setEndpoint(const PublicKey &peer, const Endpoint &endpoint)
{
    ConfigureWireGuard change;
    change.link = m_link;
    PeerChange &one = change.peers.emplace_back();
    one.publicKey = peer;
    one.updateOnly = true;
    one.endpoint = endpoint;
    if (m_backends.empty())
        return Error{Errc::FeatureMissing, u"Nobody serves %1."_s.arg(m_link), {}};
    return m_backends.front()->set(change);
}

} // namespace sallyport::probe
