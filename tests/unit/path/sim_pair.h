// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/unit/path/sim_device.h"

#include <QStringList>

namespace sallyport::sim {

/// What one pair showed.
struct Findings {
    QStringList complaints; ///< broken promises, each with its seed and time
    std::vector<Time> toLan; ///< from the arrival on the peer's network to both endpoints there
    int moves = 0;
    int questions = 0;
    int phases = 0;
};

/// Two devices that wander at random for some minutes under payload, and are judged by what arrives.
class Pair {
public:
    Pair(quint64 seed, const PathPolicy &policy);
    Findings run();

private:
    enum Place { Home, Hotel, Carrier, Office };
    enum class Event { Nothing, Roam, RoamOther, CutLan, CutWan, NewAddress, ForgetNat, Sleep, Clock, Portal };

    void build();
    void buildSites();
    void configure();
    std::vector<ConfiguredPlace> placesOf(int device);
    std::vector<IpAddress> resolve(const QString &name);
    Card cardAt(int device, int site);
    void plug(int device, std::vector<int> sites);
    Event nextEvent();
    void happen(Event event);
    void happenTo(Event event);
    void roam(int device);
    void sleep();
    void cut(bool Site::*what, int site);
    void payload();
    void phase(Event event, Time length);
    bool isReachable() const;
    bool isAt(int device, int site) const;
    bool usesLan(int device) const;

    // sim_judge.cpp
    void judge(Event event, Time begin, Time length);
    void judgeFlow(Event event, Time length);
    void judgePath(Event event, Time length);
    void judgeBudgets(Time begin, Time length);
    void judgeRest(Time begin);
    void complain(const QString &what);
    void measure(Time arrivedAt);

    quint64 m_seed;
    PathPolicy m_policy;
    Internet m_internet;
    std::array<std::unique_ptr<Device>, 2> m_devices;
    bool m_hasName = false;
    bool m_hasSixAtHome = false;
    bool m_isHostile = false;
    bool m_isDivided = false; ///< their people prefer different paths
    bool m_isFlowing = false;
    bool m_isOneWay = false;
    bool m_isCut = false; ///< something has failed silently, or did so in this phase
    IpAddress m_published; ///< what the name says
    Time m_changedAt{0};
    std::array<quint64, 2> m_sent{};
    std::array<quint64, 2> m_receivedBefore{};
    Findings m_findings;
};

} // namespace sallyport::sim
