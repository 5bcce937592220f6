// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_pair.h"

#include <algorithm>

namespace sallyport::sim {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

const QString kName = u"b.example"_s;

IpAddress address(const QString &text)
{
    return *IpAddress::parse(text);
}

InterfaceAddress own(const QString &text)
{
    return *InterfaceAddress::parse(text);
}

Site site(const QString &inside, const QString &outside, quint8 print)
{
    Site made;
    made.inside4 = own(inside);
    made.public4 = address(outside);
    made.print.fill(print);
    return made;
}

ConfiguredPlace place(const QString &endpoint, EndpointScope scope = EndpointScope::Any)
{
    return {*HostEndpoint::parse(endpoint), scope, {}};
}

} // namespace

Pair::Pair(quint64 seed, const PathPolicy &policy) : m_seed(seed), m_policy(policy), m_internet(seed)
{
    build();
}

void Pair::build()
{
    auto &random = m_internet.random;
    m_hasName = m_internet.chance() < 0.5;
    m_hasSixAtHome = m_internet.chance() < 0.4;
    m_isHostile = m_internet.chance() < 0.3;
    m_isOneWay = m_internet.chance() < 0.2;
    m_isDivided = m_internet.chance() < 0.15;
    buildSites();
    const double agents = m_internet.chance();
    for (int device = 0; device < 2; ++device) {
        auto &made = m_devices.at(static_cast<std::size_t>(device));
        made = std::make_unique<Device>(device, m_internet, [this](const QString &name) { return resolve(name); });
        std::ranges::generate(made->key.bytes, [&] { return static_cast<quint8>(random()); });
        if (agents < 0.7 || (agents < 0.9 ? device == 0 : device == 1))
            made->agent.emplace(random(), m_policy);
    }
    m_devices[0]->other = m_devices[1]->key;
    m_devices[1]->other = m_devices[0]->key;
    m_internet.arrived = [this](int device, const Packet &packet, quint32 index) {
        m_devices.at(static_cast<std::size_t>(device))->heard(packet, index);
    };
}

void Pair::buildSites()
{
    const auto chance = [this](double share) { return m_internet.chance() < share; };
    const bool isSameNumbers = chance(0.5);
    auto &sites = m_internet.sites;
    sites.push_back(site(u"192.168.1.1/24"_s, u"203.0.113.1"_s, 1));
    sites.push_back(site(isSameNumbers ? u"192.168.1.1/24"_s : u"192.168.77.1/24"_s, u"203.0.113.2"_s, 2));
    sites.push_back(site(u"100.64.5.1/24"_s, u"203.0.113.3"_s, 3));
    sites.push_back(site(u"172.16.3.1/24"_s, u"203.0.113.4"_s, 4));
    m_published = *sites[Home].public4;
    sites[Home].nat.forward(m_internet.port, {address(u"192.168.1.30"_s), m_internet.port});
    if (m_hasSixAtHome)
        sites[Home].inside6 = own(u"2001:db8:1::1/64"_s);
    sites[Home].isOpen6 = chance(0.5);
    if (chance(0.5))
        sites[Carrier].inside6 = own(u"2001:db8:3::1/64"_s);
    sites[Carrier].isMetered = chance(0.3);
    if (isSameNumbers && chance(0.4))
        sites[Hotel].wormhole = address(u"192.168.1.30"_s);
    else if (isSameNumbers)
        sites[Hotel].strangers = {address(u"192.168.1.30"_s)};
    const double loss = chance(0.5) ? 0.0 : m_internet.chance() * 0.03;
    for (Site &each : sites) {
        each.toCore = Time(500 + static_cast<int>(m_internet.chance() * m_internet.chance() * 49'500));
        each.inLan = Time(500 + static_cast<int>(m_internet.chance() * 2000));
        each.loss = loss;
    }
}

std::vector<IpAddress> Pair::resolve(const QString &name)
{
    if (name != kName)
        return {};
    std::vector<IpAddress> addresses;
    if (m_isHostile) {
        for (int i = 0; i < 100; ++i)
            addresses.push_back(address(u"10.42.0.%1"_s.arg(i)));
        addresses.push_back(address(u"127.0.0.1"_s));
        addresses.push_back(address(u"::1"_s));
        addresses.push_back(address(u"224.0.0.1"_s));
        addresses.push_back(address(u"192.168.1.20"_s));
    }
    addresses.push_back(m_published);
    for (int i = 0; m_isHostile && i < 100; ++i)
        addresses.push_back(address(u"10.9.0.%1"_s.arg(i)));
    return addresses;
}

std::vector<ConfiguredPlace> Pair::placesOf(int device)
{
    const QString port = u":"_s + QString::number(m_internet.port);
    if (device == 0)
        return m_internet.chance() < 0.5 ? std::vector{place(u"192.168.1.20"_s + port)}
                                         : std::vector<ConfiguredPlace>();
    std::vector<ConfiguredPlace> places{place(u"192.168.1.30"_s + port, EndpointScope::Lan)};
    places.push_back(place((m_hasName ? kName : u"203.0.113.1"_s) + port));
    if (m_hasSixAtHome && m_internet.chance() < 0.5)
        places.push_back(place(u"[2001:db8:1::30]"_s + port));
    return places;
}

void Pair::configure()
{
    for (int device = 0; device < 2; ++device) {
        Device &mine = *m_devices.at(static_cast<std::size_t>(device));
        PeersChanged changed;
        changed.own = mine.key;
        changed.addresses = {own(u"10.42.1.%1/16"_s.arg(device + 1))};
        PathPeer peer;
        peer.publicKey = mine.other;
        peer.places = placesOf(1 - device);
        peer.allowedIps = {Prefix::host(address(u"10.42.1.%1"_s.arg(2 - device)))};
        if (device == 0) {
            peer.routes = {*Prefix::parse(u"192.168.1.0/24")};
            peer.allowedIps.push_back(peer.routes.front());
            mine.wireguard.endpoint = Endpoint{*m_internet.sites[Home].public4, m_internet.port};
        }
        if (m_isDivided)
            peer.preferences = {
                {place(device == 0 ? u"203.0.113.1:51000"_s : u"192.168.1.20:51000"_s).endpoint, Preference::Prefer}};
        changed.peers = {peer};
        mine.feed(changed);
    }
}

Card Pair::cardAt(int device, int site)
{
    const Site &there = m_internet.sites[static_cast<std::size_t>(site)];
    const int host = device == 0 ? 20 : 30;
    auto bytes = there.inside4.address.bytes();
    std::array<quint8, 4> mine{bytes[0], bytes[1], bytes[2], static_cast<quint8>(host)};
    // The stranger has that address in the hotel.
    if (site == Hotel && device == 1)
        mine[3] = 31;
    Card card;
    card.site = site;
    card.index = 2;
    card.addresses = {{IpAddress::fromBytes(Family::IPv4, mine), there.inside4.length}};
    if (there.inside6) {
        std::array<quint8, 16> six{};
        std::ranges::copy(there.inside6->address.bytes(), six.begin());
        six[15] = static_cast<quint8>(host / 10 * 16);
        card.addresses.push_back({IpAddress::fromBytes(Family::IPv6, six), 64});
    }
    return card;
}

void Pair::plug(int device, std::vector<int> sites)
{
    // A card keeps its number while it stays where it is; another network may come by the same card.
    std::vector<Card> cards;
    for (const int site : sites)
        cards.push_back(cardAt(device, site));
    for (Card &card : cards) {
        for (const Card &before : m_internet.cards.at(static_cast<std::size_t>(device)))
            card.index = before.site == card.site ? before.index : card.index;
    }
    if (cards.size() == 2 && cards[0].index == cards[1].index)
        cards[0].index = cards[1].index == 2 ? 3 : 2;
    m_internet.plug(device, cards);
    const bool wasHome = usesLan(0) && usesLan(1);
    m_devices.at(static_cast<std::size_t>(device))->tellNetworks();
    if (device == 0 && m_isFlowing && !wasHome && m_devices[0]->agent && m_devices[1]->agent)
        measure(m_internet.agenda.now);
}

bool Pair::isAt(int device, int site) const
{
    return std::ranges::any_of(
        m_internet.cards.at(static_cast<std::size_t>(device)), [&](const Card &card) { return card.site == site; });
}

/// Both send; more often while something changes.
void Pair::payload()
{
    if (m_isFlowing) {
        for (std::size_t device = 0; device < 2; ++device) {
            if (m_isOneWay && device == 1)
                continue;
            m_sent.at(device) += m_devices.at(device)->isAsleep ? 0 : 1;
            m_devices.at(device)->sendPayload();
        }
    }
    const bool isBusy = m_internet.agenda.now - m_changedAt < 5s;
    m_internet.agenda.after(isBusy ? 40ms : 200ms, [this] { payload(); });
}

void Pair::phase(Event event, Time length)
{
    const Time begin = m_internet.agenda.now;
    happen(event);
    m_internet.agenda.runUntil(begin + length - 5s);
    m_sent = {};
    for (std::size_t device = 0; device < 2; ++device)
        m_receivedBefore.at(device) = m_devices.at(device)->wireguard.receivedPayload;
    m_internet.agenda.runUntil(begin + length);
    judge(event, begin, length);
    ++m_findings.phases;
}

Findings Pair::run()
{
    plug(1, {Home});
    plug(0, {static_cast<int>(m_internet.random() % 4)});
    configure();
    m_internet.agenda.runUntil(5s);
    m_isFlowing = true;
    payload();
    phase(Event::Nothing, 40s);
    constexpr int kPhases = 5;
    for (int i = 0; i < kPhases; ++i) {
        m_isFlowing = m_internet.chance() < 0.85;
        const Event event = nextEvent();
        const Time patience = event == Event::Sleep ? 240s : event == Event::NewAddress ? 90s : 0s;
        phase(event, 35s + patience + Time(static_cast<int>(m_internet.chance() * 80e6)));
    }
    m_isFlowing = false;
    const Time rest = m_internet.agenda.now;
    m_internet.agenda.runUntil(rest + 150s);
    judgeRest(rest + 75s);
    for (const auto &device : m_devices) {
        m_findings.moves += static_cast<int>(device->record.moves.size());
        m_findings.questions += static_cast<int>(device->record.questions.size());
    }
    return m_findings;
}

} // namespace sallyport::sim
