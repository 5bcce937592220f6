// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_pair.h"

#include <algorithm>

/// What is promised, by what the world shows.
namespace sallyport::sim {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kMostSwitchesInQuiet = 4;
constexpr int kMostRotations = 10;
constexpr int kMostQuestionsPerMinute = 150;
constexpr int kMostStatsIn10s = 12;
constexpr int kMostToStranger = 3;
constexpr int kMostFirstLooks = 6;

qsizetype countFrom(const std::vector<Time> &times, Time from)
{
    return std::ranges::count_if(times, [&](Time each) { return each >= from; });
}

qsizetype densest(const std::vector<Time> &times, Time window)
{
    qsizetype most = 0;
    std::size_t first = 0;
    for (std::size_t last = 0; last < times.size(); ++last) {
        while (times[first] + window < times[last])
            ++first;
        most = std::max(most, static_cast<qsizetype>(last - first + 1));
    }
    return most;
}

} // namespace

void Pair::complain(const QString &what)
{
    const double seconds = std::chrono::duration<double>(m_internet.agenda.now).count();
    m_findings.complaints.push_back(u"seed %1 at %2 s: %3"_s.arg(m_seed).arg(seconds).arg(what));
}

bool Pair::usesLan(int device) const
{
    const auto &endpoint = m_devices.at(static_cast<std::size_t>(device))->wireguard.endpoint;
    return endpoint
        && std::ranges::any_of(m_internet.cards.at(static_cast<std::size_t>(device)), [&](const Card &card) {
               return std::ranges::any_of(card.addresses,
                   [&](const InterfaceAddress &own) { return own.network().contains(endpoint->address); });
           });
}

/// There is a way that this side can know: both at home, or the other at home and its router reachable.
bool Pair::isReachable() const
{
    const Site &home = m_internet.sites[Home];
    if (!isAt(1, Home) || m_internet.cards[0].empty())
        return false;
    if (isAt(0, Home) && !home.isLanCut)
        return true;
    const Site &here = m_internet.sites[static_cast<std::size_t>(m_internet.cards[0].front().site)];
    return !here.isWanCut && !home.isWanCut && m_published == *home.public4;
}

/// How long it takes from the arrival at home until both use that network; for the figures.
void Pair::measure(Time arrivedAt)
{
    const Time since = m_internet.agenda.now - arrivedAt;
    const bool isTogether = isAt(0, Home) && isAt(1, Home) && !m_internet.sites[Home].isLanCut;
    if (!isTogether || since > 30s)
        return;
    if (usesLan(0) && usesLan(1))
        m_findings.toLan.push_back(since);
    else
        m_internet.agenda.after(2ms, [this, arrivedAt] { measure(arrivedAt); });
}

void Pair::judge(Event event, Time begin, Time length)
{
    if (m_isFlowing) {
        judgeFlow(event, length);
        judgePath(event, length);
    }
    judgeBudgets(begin, length);
}

void Pair::judgeFlow(Event event, Time length)
{

    const bool bothAsk = m_devices[0]->agent && m_devices[1]->agent;
    const Time quiet = m_internet.agenda.now - m_changedAt;
    const Time needed = event == Event::NewAddress ? 85s : !bothAsk ? 60s : m_isCut ? 45s : 20s;
    if (!isReachable() || quiet < needed || length < needed || m_isOneWay || m_devices[0]->isAsleep)
        return;
    if (!bothAsk && !m_devices[0]->agent)
        return; // only the other one could know where this one is
    for (std::size_t device = 0; device < 2; ++device) {
        const quint64 received = m_devices.at(device)->wireguard.receivedPayload - m_receivedBefore.at(device);
        if (received * 10 < m_sent.at(1 - device) * 7)
            complain(u"device %1 got %2 of %3 packets, event %4, other's endpoint %5, own %6"_s.arg(device)
                         .arg(received)
                         .arg(m_sent.at(1 - device))
                         .arg(static_cast<int>(event))
                         .arg(m_devices.at(1 - device)->wireguard.endpoint->toString(),
                             m_devices.at(device)->wireguard.endpoint.value_or(Endpoint{}).toString()));
    }
}

void Pair::judgePath(Event event, Time)
{
    const Time quiet = m_internet.agenda.now - m_changedAt;
    const bool bothAsk = m_devices[0]->agent && m_devices[1]->agent;
    const bool isTogether = isAt(0, Home) && isAt(1, Home) && !m_internet.sites[Home].isLanCut;
    // It is looked for once a minute, with one question, which may be lost.
    const Time needed = !m_isCut ? 15s : m_internet.sites[Home].loss > 0 ? 135s : 75s;
    if (bothAsk && isTogether && !m_isDivided && quiet >= needed && (!usesLan(0) || !usesLan(1)))
        complain(u"both at home, but not on its network: event %1, %2 and %3"_s.arg(static_cast<int>(event))
                     .arg(m_devices[0]->wireguard.endpoint.value_or(Endpoint{}).toString(),
                         m_devices[1]->wireguard.endpoint.value_or(Endpoint{}).toString()));
    if (quiet < 20s)
        return;
    for (const auto &device : m_devices) {
        const bool isSaid = !device->onLink.empty();
        const bool isTrue = isAt(0, Home) && isAt(1, Home);
        const bool isElsewhere = isAt(0, Office) && isAt(1, Office);
        if (isSaid && !isTrue && !isElsewhere)
            complain(u"said to be on one link, and is not"_s);
    }
    // Without an answer from the peer's Sallyport nobody can tell: WireGuard itself does not.
    const auto &endpoint = m_devices[0]->wireguard.endpoint;
    if (bothAsk && isAt(0, Hotel) && m_internet.sites[Hotel].wormhole && endpoint
        && endpoint->address == *m_internet.sites[Hotel].wormhole && isReachable())
        complain(u"goes through the wormhole"_s);
}

void Pair::judgeBudgets(Time begin, Time length)
{
    if (m_internet.astray > 0)
        complain(u"%1 questions astray, the last to %2"_s.arg(m_internet.astray)
                     .arg(m_internet.lastAstray.second.toString()));
    if (m_internet.mostToStranger > kMostToStranger)
        complain(u"%1 questions to a stranger"_s.arg(m_internet.mostToStranger));
    if (m_internet.mostFirstLooks > kMostFirstLooks)
        complain(u"%1 questions to local addresses through the internet"_s.arg(m_internet.mostFirstLooks));
    m_internet.astray = m_internet.mostToStranger = m_internet.mostFirstLooks = 0;
    const Time quietFrom = std::max(begin, m_changedAt) + 15s;
    const double minutes = std::chrono::duration<double, std::ratio<60>>(begin + length - quietFrom).count();
    for (const auto &device : m_devices) {
        // The endpoint of a peer without Sallyport that is not reached goes from place to place.
        const bool bothAsk = m_devices[0]->agent && m_devices[1]->agent;
        const int most = bothAsk || isReachable() ? kMostSwitchesInQuiet : kMostRotations;
        if (minutes > 0.2 && countFrom(device->record.moves, quietFrom) > most)
            complain(u"%1 switches while nothing happens"_s.arg(countFrom(device->record.moves, quietFrom)));
        const auto questions = countFrom(device->record.questions, quietFrom);
        if (minutes > 0.2 && static_cast<double>(questions) > kMostQuestionsPerMinute * std::max(minutes, 1.0))
            complain(u"%1 questions in %2 quiet minutes"_s.arg(questions).arg(minutes));
        if (densest(device->record.stats, 10s) > kMostStatsIn10s)
            complain(u"%1 looks at the counters in 10 s"_s.arg(densest(device->record.stats, 10s)));
        device->record.stats.clear();
        if (device->record.advances > 400'000)
            complain(u"%1 events"_s.arg(device->record.advances));
    }
}

void Pair::judgeRest(Time begin)
{
    for (const auto &device : m_devices) {
        const auto asked = countFrom(device->record.requests, std::max(begin, device->payloadAt + 75s));
        if (asked > 0)
            complain(u"%1 requests at rest"_s.arg(asked));
        if (device->agent && device->agent->wakeAt())
            complain(u"wants to wake up at rest"_s);
    }
}

} // namespace sallyport::sim
