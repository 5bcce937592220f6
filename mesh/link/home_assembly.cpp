// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/link/home_assembly.h"

#include <algorithm>

namespace sallyport::mesh {

std::optional<HomeWhole> HomeAssembly::take(const meshlink::HomeSetup &setup)
{
    m_home.emplace().setup = setup;
    return wholeNow();
}

std::optional<HomeWhole> HomeAssembly::take(const meshlink::PeerSetup &peer)
{
    if (!m_home || m_home->setup.generation != peer.generation)
        return {};
    m_home->peers.push_back(peer.peer);
    if (std::ranges::any_of(peer.pairKey, [](quint8 byte) { return byte != 0; })) {
        m_home->pairKeys.emplace_back(
            peer.peer.publicKey, SecretKey::fromBytes(std::span<const quint8, kKeySize>(peer.pairKey)));
    }
    return wholeNow();
}

std::optional<HomeWhole> HomeAssembly::wholeNow()
{
    if (m_home->peers.size() < m_home->setup.peerCount)
        return {};
    return std::exchange(m_home, std::nullopt);
}

} // namespace sallyport::mesh
