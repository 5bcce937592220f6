// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/selection.h"

#include <map>
#include <set>

namespace sallyport::pathtest {

struct Answering {
    std::chrono::milliseconds roundTrip{2};
    Endpoint seenFrom;
    IpAddress receivedAt;
};

/// One PathSelection with one peer, and a script instead of a world: which places answer, and what WireGuard says.
class Bench {
public:
    explicit Bench(bool isControlling = true, std::size_t morePeers = 0);

    PublicKey own;
    PublicKey peer;
    PathPeer configured;
    std::vector<PathNetwork> networks;
    std::map<Endpoint, Answering> answering;
    std::set<Endpoint> inTunnel; ///< places from which WireGuard itself hears
    std::map<QString, std::vector<IpAddress>> names;
    std::optional<Endpoint> kernel;
    MoveOutcome outcome = MoveOutcome::Held;
    bool isSending = false;
    bool isReceiving = false;
    std::chrono::seconds handshakeAge{10};
    NetworkPrint peerPrint{};

    void start();
    void configure();
    void plug(std::vector<PathNetwork> now);
    void tell(const PathInput &input);
    void hear(const Endpoint &from, const Ping &ping);
    void run(std::chrono::milliseconds time);
    void forget() { requests.clear(); }

    std::vector<PathRequest> requests;
    std::vector<Endpoint> moves() const;
    std::vector<Endpoint> trials() const;
    std::vector<Ping> questionsTo(const Endpoint &place) const;
    int questions() const;
    int count(std::size_t kind) const;
    bool isOnLink() const { return !onLink.empty(); }
    CandidateState stateOf(const Endpoint &place) const;
    std::optional<PathTime> wakeAt() const { return selection.wakeAt(); }

    std::vector<std::pair<PublicKey, quint32>> onLink;
    PathTime now{std::chrono::hours(1)};

private:
    void handle(const PathRequest &request);
    void later(std::chrono::microseconds delay, PathInput input) { m_due.emplace(now + delay, std::move(input)); }
    void answer(const AskProbe &ask);
    StatsRead stats();

    PathSelection selection{7};
    std::vector<PathPeer> m_others;
    std::multimap<PathTime, PathInput> m_due;
    quint64 m_received = 0;
    quint64 m_sent = 0;
    PathTime m_countedAt{};
};

Endpoint at(const QString &text);
PathNetwork network(quint32 index, const QString &address, quint8 print, bool hasDefault = true);

// The peer's places, and where we may stand.
inline const Endpoint kLan = at(QStringLiteral("192.168.1.30:51000"));
inline const Endpoint kPublic = at(QStringLiteral("203.0.113.1:51000"));
PathNetwork home();
PathNetwork mobile();
Answering overLink();
Answering overInternet(std::chrono::milliseconds roundTrip = std::chrono::milliseconds(40));

/// Payload begins, and goes on.
void flow(Bench &bench, bool isBothWays = true);
/// Away, under traffic, with the public path verified.
void startAway(Bench &bench);
/// At home, under traffic, on the local network.
void startAtHome(Bench &bench);

} // namespace sallyport::pathtest
