// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/unit/path/sim_wireguard.h"

#include <queue>

#include <array>
#include <functional>
#include <random>

namespace sallyport::sim {

/// Things that happen later, in order.
class Agenda {
public:
    Time now{0};

    void at(Time when, std::function<void()> what);
    void after(Time delay, std::function<void()> what) { at(now + delay, std::move(what)); }
    void runUntil(Time end);

private:
    struct Entry {
        Time when;
        quint64 order;
        std::function<void()> what;
        bool operator<(const Entry &other) const { return std::tie(when, order) > std::tie(other.when, other.order); }
    };
    std::priority_queue<Entry> m_entries;
    quint64 m_order = 0;
};

/// A card of a device, in a network.
struct Card {
    int site = 0;
    quint32 index = 0; ///< of the interface
    std::vector<InterfaceAddress> addresses;
    bool operator==(const Card &) const = default;
};

/// Where packets go. Counts those that nobody should have sent.
class Internet {
public:
    explicit Internet(quint64 seed) : random(seed) {}

    Agenda agenda;
    std::mt19937_64 random;
    std::vector<Site> sites;
    std::array<std::vector<Card>, 2> cards;
    quint16 port = 51000; ///< of both
    std::function<void(int device, const Packet &, quint32 interfaceIndex)> arrived;
    std::array<bool, 2> isSlept{};

    std::map<std::pair<int, IpAddress>, int> toStrangers; ///< by sender, since it last changed networks; probes only
    int astray = 0; ///< probes to places that no sane program sends to
    std::array<int, 2> firstLooks{}; ///< probes to local addresses behind a default route, since the last change
    int mostToStranger = 0;
    int mostFirstLooks = 0;
    std::pair<int, IpAddress> lastAstray;

    void send(int device, Packet packet);
    void plug(int device, std::vector<Card> now);
    void forgiveLooks(int device); ///< it counts from here, as after a change
    /// The other device is beside this one, and neither network nor anything else is between.
    bool areOnOneLink() const;
    double chance() { return std::uniform_real_distribution<double>()(random); }

private:
    const Card *connected(int device, const Endpoint &to, quint32 index) const;
    const Card *defaultWay(int device, Family family) const;
    void sendInside(int device, const Card &card, Packet packet);
    void sendOutside(int device, const Card &card, Packet packet);
    Time jitter(Time delay);
    void sendThrough4(int site, Packet packet);
    void sendThrough6(int site, Packet packet);
    void sendThroughWormhole(int device, int site, Packet packet);
    void enter(int site, const Endpoint &inside, const Packet &packet, Time delay);
    void deliver(int site, const Packet &packet, Time delay);
    void countStray(int device, const Packet &packet);
};

} // namespace sallyport::sim
