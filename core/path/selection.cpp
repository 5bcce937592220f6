// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/selection.h"

namespace sallyport {

struct PathSelection::State {
    PeersChanged home;
    std::vector<PathNetwork> networks;
    std::vector<PathRequest> requests;

    void take(const PeersChanged &changed);
    void take(const HomeEnded &);
    void take(const NetworksChanged &changed) { networks = changed.networks; }
    void take(const ProbeHeard &heard);
    template<class Other>
    void take(const Other &)
    {
    }
    NetworkPrint printOf(quint32 interfaceIndex) const;
};

void PathSelection::State::take(const PeersChanged &changed)
{
    home = changed;
    requests.push_back(AskActivity{});
    requests.push_back(LedgerMoved{});
}

void PathSelection::State::take(const HomeEnded &)
{
    home = {};
    requests.push_back(LedgerMoved{});
}

NetworkPrint PathSelection::State::printOf(quint32 interfaceIndex) const
{
    for (const PathNetwork &network : networks) {
        if (network.interfaceIndex == interfaceIndex)
            return network.print;
    }
    return {};
}

void PathSelection::State::take(const ProbeHeard &heard)
{
    const auto *ping = std::get_if<Ping>(&heard.opened.probe);
    if (!ping)
        return;
    const Endpoint from{heard.source.address, heard.source.port};
    requests.push_back(
        AskProbe{heard.opened.peer, Pong{ping->transaction, from, heard.destination, {}, printOf(heard.interfaceIndex)},
            heard.source, heard.interfaceIndex});
}

PathSelection::PathSelection(quint64) : m_state(std::make_unique<State>()) {}

PathSelection::~PathSelection() = default;

std::vector<PathRequest> PathSelection::advance(const PathInput &input, PathTime)
{
    std::visit([&](const auto &each) { m_state->take(each); }, input);
    return std::exchange(m_state->requests, {});
}

std::optional<PathTime> PathSelection::wakeAt() const
{
    return {};
}

std::vector<LedgerPeer> PathSelection::ledger(PathTime) const
{
    std::vector<LedgerPeer> peers;
    for (const PathPeer &peer : m_state->home.peers) {
        LedgerPeer line;
        line.publicKey = peer.publicKey;
        for (const ConfiguredPlace &place : peer.places) {
            LedgerCandidate candidate;
            candidate.written = place.endpoint;
            if (const auto numeric = place.endpoint.numeric())
                candidate.endpoint = *numeric;
            else if (!place.resolved.empty())
                candidate.endpoint = Endpoint{place.resolved.front(), place.endpoint.port};
            line.candidates.push_back(candidate);
        }
        peers.push_back(line);
    }
    return peers;
}

} // namespace sallyport
