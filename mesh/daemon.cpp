// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/daemon.h"

#include "mesh/clock.h"

#include <QLoggingCategory>

#include <algorithm>

namespace sallyport::mesh {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// `QT_LOGGING_RULES=sallyport.paths.debug=true`: every move, and what became of it.
Q_LOGGING_CATEGORY(lcPaths, "sallyport.paths", QtWarningMsg)

constexpr auto kStatsLimit = 2s;
constexpr auto kStatsAgain = 1s;
/// Beside what moving and trying take by themselves.
constexpr auto kHelperLimit = 3s;
constexpr auto kBusyWithin = 15s;
constexpr auto kLongestWait = 24h; ///< of one timer

} // namespace

Daemon::Daemon(HelperLink &link, NameLookup &names, quint64 seed, QObject *parent)
    : QObject(parent), m_link(link), m_names(names), m_selection(seed)
{
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, [this] { take(TimeCame{}); });
    connect(&link, &HelperLink::attached, this, &Daemon::attach);
    connect(&link, &HelperLink::heard, this, &Daemon::hear);
    connect(&names, &NameLookup::resolved, this,
        [this](const QString &name, const std::vector<IpAddress> &addresses, std::chrono::seconds lifetime) {
            take(NameResolved{name, addresses, lifetime});
        });
}

std::vector<LedgerPeer> Daemon::ledger() const
{
    return m_selection.ledger(bootTime());
}

/// One after the other, also when carrying out one request is what makes the next thing happen.
void Daemon::take(const PathInput &input)
{
    m_inputs.push_back(input);
    if (std::exchange(m_isAdvancing, true))
        return;
    while (!m_inputs.empty()) {
        const PathInput next = std::move(m_inputs.front());
        m_inputs.pop_front();
        for (const PathRequest &request : m_selection.advance(next, bootTime()))
            carryOut(request);
    }
    m_isAdvancing = false;
    armTimer();
}

void Daemon::armTimer()
{
    const auto due = m_selection.wakeAt();
    const auto left = due ? std::max(*due - bootTime(), PathTime::duration(0)) : PathTime::duration::max();
    const bool isBusy = left <= kBusyWithin;
    if (due) {
        // Rounded up: waking up before the time would only mean to wait again.
        m_wake.setTimerType(isBusy ? Qt::PreciseTimer : Qt::CoarseTimer);
        m_wake.start(std::chrono::ceil<std::chrono::milliseconds>(std::min<PathTime::duration>(left, kLongestWait)));
    } else {
        m_wake.stop();
    }
    if (isBusy != std::exchange(m_isBusy, isBusy))
        Q_EMIT busyChanged(isBusy);
}

// --- what the helper says ---

void Daemon::attach()
{
    m_assembly.forget();
    m_moving.clear();
}

void Daemon::hear(const meshlink::ToMesh &message)
{
    std::optional<HomeWhole> whole;
    if (const auto *setup = std::get_if<meshlink::HomeSetup>(&message))
        whole = m_assembly.take(*setup);
    else if (const auto *peer = std::get_if<meshlink::PeerSetup>(&message))
        whole = m_assembly.take(*peer);
    else if (std::holds_alternative<meshlink::HomeGone>(message))
        endHome();
    else if (const auto *probe = std::get_if<meshlink::ProbeArrived>(&message))
        hearProbe(*probe);
    else if (std::holds_alternative<meshlink::ActivitySeen>(message) && std::exchange(m_awaitsActivity, false))
        take(TrafficBegan{});
    if (whole)
        setHome(std::move(*whole));
}

/// The helper may be another one: it is told again what the last one knew.
void Daemon::setHome(HomeWhole home)
{
    m_home = std::move(home.setup);
    m_peers = std::move(home.peers);
    m_desk.setHome(m_home->own, std::move(home.pairKeys));
    tellTunnel();
    if (!m_onLink.peers.empty())
        m_link.tell(meshlink::OnLink{m_onLink.peers});
    if (m_awaitsActivity)
        m_link.tell(meshlink::WatchActivity{});
    take(PeersChanged{m_home->own, m_home->addresses, m_peers});
    readStats();
}

void Daemon::endHome()
{
    m_assembly.forget();
    m_home.reset();
    m_peers.clear();
    m_desk.close();
    m_onLink = {};
    m_moving.clear();
    m_awaitsActivity = false;
    tellTunnel();
    take(HomeEnded{});
}

void Daemon::hearProbe(const meshlink::ProbeArrived &arrived)
{
    const auto opened = m_desk.open(arrived, bootTime());
    if (!opened)
        return;
    take(ProbeHeard{*opened, arrived.source, arrived.destination, arrived.interfaceIndex});
    const auto *ping = std::get_if<Ping>(&opened->probe);
    if (!ping || !ping->asksToInitiate)
        return;
    // After it was answered: the choice of paths may have found that the peer is somewhere else now.
    const auto moving = m_moving.find(opened->peer);
    if (moving != m_moving.end())
        moving->second = true;
    if (const PathPeer *peer = peerOf(opened->peer))
        m_nudge.send(*peer, bootTime());
}

const PathPeer *Daemon::peerOf(const PublicKey &key) const
{
    const auto found = std::ranges::find(m_peers, key, &PathPeer::publicKey);
    return found == m_peers.end() ? nullptr : &*found;
}

// --- what the choice of paths asks for ---

void Daemon::carryOut(const PathRequest &request)
{
    std::visit(Overloaded{
                   [this](const AskProbe &probe) { send(probe); },
                   [this](const AskMove &where) { move(where); },
                   [this](const AskTrial &trial) { attempt(trial); },
                   [this](const AskName &name) { m_names.ask(name.name); },
                   [this](const AskStats &) { readStats(); },
                   [this](const AskActivity &) { watchActivity(); },
                   [this](const TellOnLink &onLink) { tellOnLink(onLink); },
                   [this](const LedgerMoved &) { Q_EMIT ledgerMoved(); },
               },
        request);
}

void Daemon::send(const AskProbe &probe)
{
    if (auto payload = m_desk.seal(probe, bootTime()))
        m_link.tell(meshlink::SendProbe{probe.to, probe.interfaceIndex, std::move(*payload)});
}

void Daemon::move(const AskMove &where)
{
    m_moving[where.peer] = false;
    qCDebug(lcPaths, "%s to %s, late packets within %lld us", qUtf8Printable(where.peer.toBase64()),
        qUtf8Printable(where.to.toString()), static_cast<long long>(where.roundTrip.count()));
    // The helper reads back over more than a round trip, twice if it has to.
    const auto limit = kHelperLimit + 6 * std::chrono::ceil<std::chrono::milliseconds>(where.roundTrip);
    m_link.ask(meshlink::MoveEndpoint{0, where.peer, where.to, where.roundTrip}, limit,
        [this, where](const meshlink::ToMesh *answer) {
            const bool isAskedToInitiate = m_moving[where.peer];
            m_moving.erase(where.peer);
            const auto *moved = answer ? std::get_if<meshlink::Moved>(answer) : nullptr;
            qCDebug(lcPaths, "%s to %s: outcome %d, now at %s", qUtf8Printable(where.peer.toBase64()),
                qUtf8Printable(where.to.toString()), moved ? int(moved->outcome) : -1,
                qUtf8Printable(moved && moved->now ? moved->now->toString() : u"?"_s));
            take(moved ? MoveEnded{where.peer, where.to, moved->outcome, moved->now}
                       : MoveEnded{where.peer, where.to, MoveOutcome::Refused, {}});
            const PathPeer *peer = peerOf(where.peer);
            if (isAskedToInitiate && peer)
                m_nudge.send(*peer, bootTime());
        });
}

void Daemon::attempt(const AskTrial &trial)
{
    m_link.ask(meshlink::TryEndpoint{0, trial.peer, trial.to, trial.window}, kHelperLimit + trial.window,
        [this, trial](const meshlink::ToMesh *answer) {
            const auto *tried = answer ? std::get_if<meshlink::Tried>(answer) : nullptr;
            take(tried ? TrialEnded{trial.peer, trial.to, tried->hasAnswered, tried->now}
                       : TrialEnded{trial.peer, trial.to, false, {}});
        });
}

/// One at a time. Asked again if there was no answer; a helper that is gone is asked when there is another.
void Daemon::readStats()
{
    if (std::exchange(m_awaitsStats, true))
        return;
    m_link.ask(meshlink::ReadStats{}, kStatsLimit, [this](const meshlink::ToMesh *answer) {
        m_awaitsStats = false;
        if (const auto *stats = answer ? std::get_if<meshlink::Stats>(answer) : nullptr)
            take(StatsRead{stats->peers});
        else if (m_link.isAttached() && m_home)
            QTimer::singleShot(kStatsAgain, this, &Daemon::readStats);
    });
}

void Daemon::tellOnLink(const TellOnLink &onLink)
{
    m_onLink = onLink;
    m_link.tell(meshlink::OnLink{onLink.peers});
}

void Daemon::watchActivity()
{
    m_awaitsActivity = true;
    m_link.tell(meshlink::WatchActivity{});
}

// --- where the machine stands ---

void Daemon::setNetworks(const std::vector<PathNetwork> &networks)
{
    m_networks = networks;
    tellTunnel();
    tellNetworks();
}

void Daemon::setMetered(const QStringList &interfaces)
{
    m_metered = interfaces;
    tellNetworks();
}

void Daemon::tellNetworks()
{
    NetworksChanged changed{m_networks};
    for (PathNetwork &network : changed.networks)
        network.isMetered = m_metered.contains(network.interface);
    take(changed);
}

void Daemon::tellTunnel()
{
    TunnelView tunnel;
    for (const PathNetwork &network : m_networks) {
        for (const InterfaceAddress &address : network.addresses)
            tunnel.onLink.push_back(address.network());
    }
    if (m_home) {
        tunnel.homeLink = m_home->interfaceIndex;
        for (const InterfaceAddress &address : m_home->addresses)
            tunnel.inside.push_back(address.network());
        for (const PathPeer &peer : m_peers)
            tunnel.inside.insert(tunnel.inside.end(), peer.allowedIps.begin(), peer.allowedIps.end());
    }
    Q_EMIT tunnelChanged(tunnel);
}

} // namespace sallyport::mesh
