// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/mesh_desk.h"

#include "core/model/configuration.h"
#include "core/probe/pair_key.h"

#include <QLoggingCategory>

#include <algorithm>

namespace sallyport::probe {

using namespace std::chrono_literals;

namespace {

Q_LOGGING_CATEGORY(lcMesh, "sallyport.mesh")

constexpr int kProbesPerSecond = 200;
constexpr int kProbesAtOnce = 40;
constexpr int kStatsPerSecond = 10;
constexpr int kStatsAtOnce = 5;
constexpr int kMovesPerSecond = 20;
constexpr int kMovesAtOnce = 20;
/// A key takes about 50 us to derive; others get their turn in between.
constexpr std::size_t kPeersAtOnce = 64;
constexpr std::size_t kStatsInOne = 256;
/// A meshd that is replaced or starts again is back by then, and nobody else has moved anything.
constexpr auto kGrace = 5s;

void warn(const char *what, const Error &error)
{
    qCWarning(lcMesh, "%s: %s", what, qUtf8Printable(error.detail));
}

} // namespace

MeshDesk::MeshDesk(const MeshParts &parts, MeshPorts ports, QObject *parent)
    : QObject(parent), m_link(parts.link), m_probes(parts.probes), m_activity(parts.activity), m_secrets(parts.secrets),
      m_ports(std::move(ports)), m_probeRate(kProbesPerSecond, kProbesAtOnce),
      m_statsRate(kStatsPerSecond, kStatsAtOnce), m_moveRate(kMovesPerSecond, kMovesAtOnce)
{
    m_grace.setSingleShot(true);
    connect(&m_grace, &QTimer::timeout, this, &MeshDesk::forgetOldWord);
    connect(&m_link, &MeshLink::attached, this, &MeshDesk::welcome);
    connect(&m_link, &MeshLink::detached, this, &MeshDesk::miss);
    m_more.setSingleShot(true);
    connect(&m_more, &QTimer::timeout, this, &MeshDesk::tellPeers);
    connect(&m_link, &MeshLink::cleared, this, [this] { m_more.start(0); });
    connect(&m_link, &MeshLink::received, this, [this](const meshlink::ToHelper &message) { take(message); });
    connect(
        &m_probes, &ProbeSocket::arrived, this, [this](const meshlink::ProbeArrived &probe) { m_link.offer(probe); });
    connect(&m_activity, &ActivityWatch::began, this, [this] { m_link.send(meshlink::ActivitySeen{}); });
}

void MeshDesk::welcome()
{
    m_session = std::make_shared<int>();
    m_isTrying = false;
    MeshWord word = m_word; // what the one before has found out holds until this one says something
    word.isThere = true;
    say(std::move(word));
    adjustProbes();
    tellHome();
}

void MeshDesk::miss()
{
    m_session.reset();
    m_isWordOld = true;
    m_grace.start(kGrace);
    m_activity.stop();
    adjustProbes();
}

void MeshDesk::forgetOldWord()
{
    if (!m_link.isAttached())
        say({});
    else if (m_isWordOld)
        say({true, {}});
    m_isWordOld = false;
}

void MeshDesk::say(MeshWord word)
{
    if (word == m_word)
        return;
    m_word = std::move(word);
    Q_EMIT wordChanged(m_word);
}

void MeshDesk::show(const std::optional<MeshHome> &home, const Surroundings &around)
{
    m_physical.clear();
    for (const Uplink &uplink : around.uplinks)
        m_physical.push_back(uplink.index);
    if (home == m_home) {
        adjustProbes(); // if they could not be had before
        return;
    }
    m_home = home;
    adjustProbes();
    tellHome();
}

/// Open only while somebody listens: every packet of WireGuard's costs a little more meanwhile.
void MeshDesk::adjustProbes()
{
    const quint16 port = m_link.isAttached() && m_home ? m_home->setup.listenPort : 0;
    if (port == m_probes.port())
        return;
    m_probes.close();
    if (port == 0)
        return;
    if (const auto opened = m_probes.open(port); !opened)
        warn("probes", opened.error());
}

void MeshDesk::tellHome()
{
    m_told = 0;
    if (!m_home)
        return m_link.send(meshlink::HomeGone{});
    meshlink::HomeSetup setup = m_home->setup;
    setup.generation = ++m_generation;
    m_link.send(setup);
    m_more.start(0);
}

void MeshDesk::tellPeers()
{
    const SecretKey *own = m_secrets.find(homeSecretName());
    if (!m_link.isAttached() || !m_home || !own)
        return;
    for (std::size_t i = 0; i < kPeersAtOnce && m_link.isClear() && m_told < m_home->peers.size(); ++i) {
        meshlink::PeerSetup setup;
        setup.generation = m_generation;
        setup.peer = m_home->peers[m_told++];
        if (const auto key = pairKeyOf(*own, setup.peer.publicKey))
            std::ranges::copy(key->bytes(), setup.pairKey.begin());
        m_link.send(setup);
    }
    if (m_told < m_home->peers.size() && m_link.isClear())
        m_more.start(0);
}

void MeshDesk::take(const meshlink::ToHelper &message)
{
    std::visit([this](const auto &each) { take(each); }, message);
}

void MeshDesk::take(const meshlink::SendProbe &probe)
{
    const auto mayLeaveBy = [&](quint32 index) { return index == 0 || isPhysical(index); };
    if (!m_home || !mayLeaveBy(probe.interfaceIndex) || !mayLeaveBy(probe.to.scopeId) || !m_probeRate.take())
        return;
    // Without a way there is no answer, which is all that meshd has to know.
    if (const auto sent = m_probes.send(probe); !sent)
        qCDebug(lcMesh, "%s", qUtf8Printable(sent.error().detail));
}

void MeshDesk::take(const meshlink::ReadStats &question)
{
    if (!m_statsRate.take())
        return;
    std::vector<PeerStats> all;
    if (auto read = m_ports.stats(); read)
        all = *std::move(read);
    else
        warn("reading home", read.error());
    std::size_t next = 0;
    do {
        meshlink::Stats part;
        part.request = question.request;
        const std::size_t end = std::min(all.size(), next + kStatsInOne);
        for (; next < end; ++next)
            part.peers.push_back(all[next]);
        part.isLast = next == all.size();
        m_link.send(part);
    } while (next < all.size());
}

void MeshDesk::take(const meshlink::MoveEndpoint &request)
{
    if (!isPeer(request.peer) || !m_moveRate.take() || !m_ports.move)
        return m_link.send(meshlink::Moved{request.request, MoveOutcome::Refused, {}});
    m_ports.move(request, [this, session = std::weak_ptr(m_session)](const meshlink::Moved &moved) {
        if (!session.expired())
            m_link.send(moved);
    });
}

void MeshDesk::take(const meshlink::TryEndpoint &request)
{
    if (!isPeer(request.peer) || m_isTrying || !m_ports.tryOut)
        return m_link.send(meshlink::Tried{request.request, false, {}});
    m_isTrying = true;
    m_ports.tryOut(request, [this, session = std::weak_ptr(m_session)](const meshlink::Tried &tried) {
        if (session.expired())
            return;
        m_isTrying = false;
        m_link.send(tried);
    });
}

void MeshDesk::take(const meshlink::OnLink &list)
{
    MeshWord word{true, list.peers};
    std::erase_if(word.onLink, [this](const auto &each) { return !isPeer(each.first); });
    std::ranges::sort(word.onLink);
    m_isWordOld = false;
    say(std::move(word));
}

void MeshDesk::take(const meshlink::WatchActivity &)
{
    if (const auto armed = m_activity.arm(); !armed) {
        warn("watching home", armed.error());
        m_link.send(meshlink::ActivitySeen{}); // whoever is not told stays awake
    }
}

bool MeshDesk::isPeer(const PublicKey &key) const
{
    return m_home && std::ranges::binary_search(m_home->peers, key, {}, &PathPeer::publicKey);
}

bool MeshDesk::isPhysical(quint32 interfaceIndex) const
{
    return std::ranges::count(m_physical, interfaceIndex) > 0;
}

} // namespace sallyport::probe
