// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/probe_desk.h"

namespace sallyport::mesh {

void ProbeDesk::setHome(const PublicKey &own, PairKeys keys)
{
    m_home.emplace(Home{own, {}, ProbeOpener(own)});
    for (auto &[peer, key] : keys)
        m_home->keys.emplace(peer, std::move(key));
    std::vector<std::pair<PublicKey, const SecretKey *>> peers;
    for (const auto &[peer, key] : m_home->keys)
        peers.emplace_back(peer, &key);
    m_home->opener.setPeers(peers);
}

void ProbeDesk::close()
{
    m_home.reset();
}

std::optional<QByteArray> ProbeDesk::seal(const AskProbe &probe, PathTime now)
{
    if (!m_home)
        return {};
    const auto key = m_home->keys.find(probe.peer);
    if (key == m_home->keys.end())
        return {};
    m_garbage.expect(probe.to.address, now);
    return sealed(probe.probe, m_home->own, probe.peer, key->second);
}

/// Answers are as many as our own questions, which have limits already. What is repeated uses up nothing: else whoever
/// repeats it could keep the peer itself from being heard.
std::optional<OpenedProbe> ProbeDesk::open(const meshlink::ProbeArrived &arrived, PathTime now)
{
    const IpAddress &source = arrived.source.address;
    if (!m_home || !m_garbage.allows(source, now))
        return {};
    auto opened = m_home->opener.open(
        {reinterpret_cast<const quint8 *>(arrived.payload.constData()), std::size_t(arrived.payload.size())});
    if (!opened) {
        m_garbage.wasGarbage(source, now);
        return {};
    }
    m_garbage.expect(source, now);
    const bool isLookedAt = m_heard.isNew(opened->nonce, now)
        && (std::holds_alternative<Pong>(opened->probe) || m_answers.allows(opened->peer, source, now));
    return isLookedAt ? opened : std::nullopt;
}

} // namespace sallyport::mesh
