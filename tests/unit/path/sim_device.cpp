// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_device.h"

#include "tests/unit/path/sim_trace.h"

namespace sallyport::sim {

using namespace std::chrono_literals;

Device::Device(int self, Internet &internet, std::function<std::vector<IpAddress>(const QString &)> resolve)
    : wireguard(self, [this](Packet packet) { m_internet.send(m_self, std::move(packet)); }), m_self(self),
      m_internet(internet), m_resolve(std::move(resolve))
{
}

void Device::feed(const PathInput &input)
{
    if (!agent || isAsleep)
        return;
    ++record.advances;
    if (isTraced())
        trace(m_internet.agenda.now, m_self, input);
    for (const PathRequest &request : agent->advance(input, agentNow()))
        handle(request);
    wakeLater();
}

void Device::wakeLater()
{
    const auto due = agent->wakeAt();
    const quint64 wake = ++m_wake;
    if (!due)
        return;
    const auto delay = std::max<Time>(*due - agentNow(), 50us);
    m_internet.agenda.after(delay, [this, wake] {
        if (wake == m_wake)
            feed(TimeCame{});
    });
}

void Device::handle(const PathRequest &request)
{
    if (isTraced())
        trace(m_internet.agenda.now, m_self, request);
    const auto *probe = std::get_if<AskProbe>(&request);
    const bool isAnswer = probe && std::holds_alternative<Pong>(probe->probe);
    const bool isAsked = !isAnswer && !std::holds_alternative<LedgerMoved>(request)
        && !std::holds_alternative<TellOnLink>(request) && !std::holds_alternative<AskActivity>(request);
    if (isAsked)
        record.requests.push_back(m_internet.agenda.now);
    record.answers += isAnswer ? 1 : 0;
    std::visit([this](const auto &each) { carryOut(each); }, request);
}

void Device::carryOut(const AskProbe &ask)
{
    if (std::holds_alternative<Ping>(ask.probe))
        record.questions.push_back(m_internet.agenda.now);
    Packet packet;
    packet.kind = Packet::Kind::Probe;
    packet.probe = ask.probe;
    packet.to = ask.to;
    packet.interfaceIndex = ask.interfaceIndex;
    packet.sender = m_self;
    m_internet.send(m_self, std::move(packet));
}

void Device::heard(const Packet &packet, quint32 interfaceIndex)
{
    if (isAsleep)
        return;
    if (packet.kind != Packet::Kind::Probe) {
        const quint64 before = wireguard.receivedPayload;
        wireguard.receive(packet, m_internet.agenda.now);
        if (wireguard.receivedPayload != before)
            noteActivity();
        return;
    }
    if (!agent)
        return;
    ProbeHeard input;
    input.opened.peer = other;
    input.opened.probe = packet.probe;
    input.source = packet.from;
    input.destination = packet.to.address;
    input.interfaceIndex = interfaceIndex;
    feed(input);
}

void Device::noteActivity()
{
    payloadAt = m_internet.agenda.now;
    if (std::exchange(m_isWatched, false))
        m_internet.agenda.after(1ms, [this] { feed(TrafficBegan{}); });
}

void Device::sendPayload()
{
    if (isAsleep)
        return;
    noteActivity();
    wireguard.sendPayload(m_internet.agenda.now);
}

void Device::tellNetworks()
{
    NetworksChanged changed;
    for (const Card &card : m_internet.cards.at(static_cast<std::size_t>(m_self))) {
        const Site &site = m_internet.sites[static_cast<std::size_t>(card.site)];
        PathNetwork network;
        network.interfaceIndex = card.index;
        network.addresses = card.addresses;
        network.hasDefault4 = site.hasInternet && site.public4;
        network.hasDefault6 = site.hasInternet && site.inside6;
        network.isMetered = site.isMetered;
        network.print = site.print;
        changed.networks.push_back(network);
    }
    feed(changed);
}

/// As the helper does: a pin for what is late, one set, then several looks over more than a round trip.
void Device::carryOut(const AskMove &ask)
{
    record.moves.push_back(m_internet.agenda.now);
    const bool isLive = ask.roundTrip > 0us && wireguard.endpoint;
    const Time window = std::min<Time>(std::max<Time>(100ms, ask.roundTrip * 3 / 2 + 50ms), 2s);
    if (isLive)
        wireguard.pin(*wireguard.endpoint, ask.to, m_internet.agenda.now + window);
    wireguard.endpoint = ask.to;
    if (!isLive) {
        m_internet.agenda.after(1ms, [this, ask] { endMove(ask, wireguard.endpoint != ask.to); });
        return;
    }
    const Time gap = std::max<Time>(ask.roundTrip * 13 / 80, 1ms);
    m_internet.agenda.after(window, [this, ask, gap] { readBack(ask, 8, false, gap); });
}

void Device::readBack(const AskMove &ask, int left, bool hasSlipped, Time gap)
{
    hasSlipped = hasSlipped || wireguard.endpoint != ask.to;
    if (left == 0)
        return endMove(ask, hasSlipped);
    m_internet.agenda.after(gap, [=, this] { readBack(ask, left - 1, hasSlipped, gap); });
}

void Device::endMove(const AskMove &ask, bool hasSlipped)
{
    record.slips += hasSlipped ? 1 : 0;
    feed(MoveEnded{ask.peer, ask.to, hasSlipped ? MoveOutcome::SlippedBack : MoveOutcome::Held, wireguard.endpoint});
}

void Device::carryOut(const AskTrial &ask)
{
    record.trials.push_back(m_internet.agenda.now);
    const auto before = wireguard.endpoint;
    const quint64 received = wireguard.receivedBytes;
    wireguard.endpoint = ask.to;
    wireguard.sendPayload(m_internet.agenda.now, true);
    m_internet.agenda.after(ask.window, [this, ask, before, received] {
        const bool hasAnswered = wireguard.receivedBytes > received && wireguard.endpoint == ask.to;
        if (!hasAnswered && wireguard.endpoint == ask.to)
            wireguard.endpoint = before;
        feed(TrialEnded{ask.peer, ask.to, hasAnswered, wireguard.endpoint});
    });
}

void Device::carryOut(const AskName &ask)
{
    m_internet.agenda.after(20ms, [this, ask] { feed(NameResolved{ask.name, m_resolve(ask.name), 300s}); });
}

void Device::carryOut(const AskStats &)
{
    record.stats.push_back(m_internet.agenda.now);
    m_internet.agenda.after(1ms, [this] {
        PeerStats stats;
        stats.publicKey = other;
        stats.endpoint = wireguard.endpoint;
        stats.receivedBytes = wireguard.receivedBytes;
        stats.sentBytes = wireguard.sentBytes;
        if (wireguard.handshakeAt)
            stats.handshakeAge
                = std::chrono::duration_cast<std::chrono::seconds>(m_internet.agenda.now - *wireguard.handshakeAt);
        feed(StatsRead{{stats}});
    });
}

} // namespace sallyport::sim
