// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/path_bench.h"

#include <algorithm>

namespace sallyport::pathtest {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

Endpoint at(const QString &text)
{
    return *Endpoint::parse(text);
}

PathNetwork network(quint32 index, const QString &address, quint8 print, bool hasDefault)
{
    PathNetwork made;
    made.interfaceIndex = index;
    made.addresses = {*InterfaceAddress::parse(address)};
    made.hasDefault4 = hasDefault;
    made.print.fill(print);
    return made;
}

Bench::Bench(bool isControlling, std::size_t morePeers)
{
    own.bytes[0] = isControlling ? 1 : 9;
    peer.bytes[0] = 5;
    configured.publicKey = peer;
    configured.allowedIps = {*Prefix::parse(u"10.42.1.4")};
    configured.places = {{*HostEndpoint::parse(u"192.168.1.30:51000"), EndpointScope::Lan, {}},
        {*HostEndpoint::parse(u"203.0.113.1:51000"), EndpointScope::Any, {}}};
    networks = {network(3, u"100.64.5.20/24"_s, 3)};
    kernel = at(u"203.0.113.1:51000"_s);
    for (std::size_t i = 0; i < morePeers; ++i) {
        PathPeer other = configured;
        other.publicKey.bytes = {7, static_cast<quint8>(i), static_cast<quint8>(i / 256)};
        m_others.push_back(other);
    }
}

void Bench::start()
{
    tell(NetworksChanged{networks});
    configure();
    run(2s);
}

void Bench::configure()
{
    PeersChanged changed;
    changed.own = own;
    changed.addresses = {*InterfaceAddress::parse(u"10.42.1.2/16")};
    changed.peers = m_others;
    changed.peers.push_back(configured);
    tell(changed);
}

void Bench::plug(std::vector<PathNetwork> now_)
{
    networks = std::move(now_);
    tell(NetworksChanged{networks});
}

void Bench::tell(const PathInput &input)
{
    for (const PathRequest &request : selection.advance(input, now)) {
        requests.push_back(request);
        handle(request);
    }
}

void Bench::hear(const Endpoint &from, const Ping &ping)
{
    ProbeHeard heard;
    heard.opened.peer = peer;
    heard.opened.probe = ping;
    heard.source = from;
    heard.destination = networks.empty() ? IpAddress() : networks.front().addresses.front().address;
    heard.interfaceIndex = networks.empty() ? 0 : networks.front().interfaceIndex;
    tell(heard);
}

void Bench::run(std::chrono::milliseconds time)
{
    const PathTime end = now + time;
    while (true) {
        const auto wake = selection.wakeAt();
        const PathTime next = m_due.empty() ? PathTime::max() : m_due.begin()->first;
        const PathTime due = std::min(wake.value_or(PathTime::max()), next);
        if (due > end)
            break;
        now = std::max(now, due);
        if (next > due) {
            tell(TimeCame{});
            continue;
        }
        const PathInput input = m_due.extract(m_due.begin()).mapped();
        tell(std::holds_alternative<StatsRead>(input) ? PathInput(stats()) : input);
    }
    now = end;
}

StatsRead Bench::stats()
{
    const auto bytes = static_cast<quint64>((now - m_countedAt) / 1ms);
    m_countedAt = now;
    m_received += isReceiving ? bytes : 0;
    m_sent += isSending ? bytes : 0;
    PeerStats mine;
    mine.publicKey = peer;
    mine.endpoint = kernel;
    mine.receivedBytes = m_received;
    mine.sentBytes = m_sent;
    mine.handshakeAge = handshakeAge;
    return {{mine}};
}

void Bench::answer(const AskProbe &ask)
{
    const auto *ping = std::get_if<Ping>(&ask.probe);
    const auto found = answering.find(ask.to);
    if (!ping || found == answering.end() || ask.peer != peer)
        return;
    ProbeHeard heard;
    heard.opened.peer = peer;
    heard.opened.probe = Pong{ping->transaction, found->second.seenFrom, found->second.receivedAt, {}, peerPrint};
    heard.source = ask.to;
    heard.interfaceIndex = ask.interfaceIndex;
    later(found->second.roundTrip, heard);
}

void Bench::handle(const PathRequest &request)
{
    if (const auto *probe = std::get_if<AskProbe>(&request))
        return answer(*probe);
    if (const auto *tell = std::get_if<TellOnLink>(&request))
        onLink = tell->peers;
    if (std::holds_alternative<AskStats>(request))
        later(1ms, StatsRead{});
    if (const auto *name = std::get_if<AskName>(&request))
        later(20ms, NameResolved{name->name, names[name->name], 300s});
    if (const auto *move = std::get_if<AskMove>(&request)) {
        if (outcome == MoveOutcome::Held)
            kernel = move->to;
        later(1ms, MoveEnded{move->peer, move->to, outcome, kernel});
    }
    if (const auto *trial = std::get_if<AskTrial>(&request)) {
        const bool hasAnswered = inTunnel.contains(trial->to);
        kernel = hasAnswered ? std::optional(trial->to) : kernel;
        later(trial->window, TrialEnded{trial->peer, trial->to, hasAnswered, kernel});
    }
}

std::vector<Endpoint> Bench::moves() const
{
    std::vector<Endpoint> places;
    for (const PathRequest &request : requests) {
        if (const auto *move = std::get_if<AskMove>(&request))
            places.push_back(move->to);
    }
    return places;
}

std::vector<Endpoint> Bench::trials() const
{
    std::vector<Endpoint> places;
    for (const PathRequest &request : requests) {
        if (const auto *trial = std::get_if<AskTrial>(&request))
            places.push_back(trial->to);
    }
    return places;
}

std::vector<Ping> Bench::questionsTo(const Endpoint &place) const
{
    std::vector<Ping> pings;
    for (const PathRequest &request : requests) {
        const auto *ask = std::get_if<AskProbe>(&request);
        if (ask && ask->to == place && std::holds_alternative<Ping>(ask->probe))
            pings.push_back(std::get<Ping>(ask->probe));
    }
    return pings;
}

int Bench::questions() const
{
    return static_cast<int>(std::ranges::count_if(requests, [](const PathRequest &request) {
        const auto *ask = std::get_if<AskProbe>(&request);
        return ask && std::holds_alternative<Ping>(ask->probe);
    }));
}

int Bench::count(std::size_t kind) const
{
    return static_cast<int>(std::ranges::count(requests, kind, &PathRequest::index));
}

CandidateState Bench::stateOf(const Endpoint &place) const
{
    for (const LedgerPeer &each : selection.ledger(now)) {
        for (const LedgerCandidate &candidate : each.candidates) {
            if (each.publicKey == peer && candidate.endpoint == place)
                return candidate.state;
        }
    }
    return CandidateState::Unresolved;
}

PathNetwork home()
{
    return network(2, u"192.168.1.20/24"_s, 1);
}

PathNetwork mobile()
{
    return network(3, u"100.64.5.20/24"_s, 3);
}

Answering overLink()
{
    return {2ms, at(u"192.168.1.20:51000"_s), kLan.address};
}

Answering overInternet(std::chrono::milliseconds roundTrip)
{
    return {roundTrip, at(u"198.51.100.7:51000"_s), kLan.address};
}

void flow(Bench &bench, bool isBothWays)
{
    bench.isSending = true;
    bench.isReceiving = isBothWays;
    bench.tell(TrafficBegan{});
    bench.run(3s);
}

void startAway(Bench &bench)
{
    bench.answering[kPublic] = overInternet();
    bench.start();
    flow(bench);
    bench.forget();
}

void startAtHome(Bench &bench)
{
    bench.networks = {home()};
    bench.answering[kLan] = overLink();
    bench.answering[kPublic] = overInternet();
    bench.start();
    flow(bench);
    bench.forget();
}

} // namespace sallyport::pathtest
