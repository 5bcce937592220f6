// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_internet.h"

#include <algorithm>

namespace sallyport::sim {

namespace {

constexpr quint16 kWormholePort = 40000;

bool isInside(const Card &card, const IpAddress &address)
{
    return std::ranges::any_of(
        card.addresses, [&](const InterfaceAddress &own) { return own.network().contains(address); });
}

std::optional<IpAddress> addressFor(const Card &card, const IpAddress &remote)
{
    for (const InterfaceAddress &own : card.addresses) {
        if (own.address.family() == remote.family() && own.address.isLinkLocal() == remote.isLinkLocal())
            return own.address;
    }
    return {};
}

/// Public address of the wormhole at a site: of the router, with a port of its own.
Endpoint outsideOf(const Site &site)
{
    return {*site.public4, kWormholePort, 0};
}

} // namespace

void Agenda::at(Time when, std::function<void()> what)
{
    m_entries.push({std::max(when, now), m_order++, std::move(what)});
}

void Agenda::runUntil(Time end)
{
    while (!m_entries.empty() && m_entries.top().when <= end) {
        const Entry entry = m_entries.top();
        m_entries.pop();
        now = entry.when;
        entry.what();
    }
    now = end;
}

void Internet::plug(int device, std::vector<Card> now)
{
    cards.at(static_cast<std::size_t>(device)) = std::move(now);
    forgiveLooks(device);
}

void Internet::forgiveLooks(int device)
{
    std::erase_if(toStrangers, [&](const auto &each) { return each.first.first == device; });
    firstLooks.at(static_cast<std::size_t>(device)) = 0;
}

bool Internet::areOnOneLink() const
{
    return std::ranges::any_of(cards[0], [&](const Card &mine) {
        return !sites[static_cast<std::size_t>(mine.site)].isLanCut
            && std::ranges::any_of(cards[1], [&](const Card &other) { return other.site == mine.site; });
    });
}

const Card *Internet::connected(int device, const Endpoint &to, quint32 index) const
{
    for (const Card &card : cards.at(static_cast<std::size_t>(device))) {
        const quint32 wanted = to.scopeId != 0 ? to.scopeId : index;
        if (isInside(card, to.address) && (wanted == 0 || wanted == card.index))
            return &card;
    }
    return nullptr;
}

const Card *Internet::defaultWay(int device, Family family) const
{
    for (const Card &card : cards.at(static_cast<std::size_t>(device))) {
        const Site &site = sites[static_cast<std::size_t>(card.site)];
        if (site.hasInternet && (family == Family::IPv4 ? site.public4.has_value() : site.inside6.has_value()))
            return &card;
    }
    return nullptr;
}

void Internet::send(int device, Packet packet)
{
    if (isSlept.at(static_cast<std::size_t>(device)))
        return;
    const Card *card = connected(device, packet.to, packet.interfaceIndex);
    const bool isBeside = card != nullptr;
    if (!card)
        card = defaultWay(device, packet.to.address.family());
    const auto source = card ? addressFor(*card, packet.to.address) : std::nullopt;
    if (!isBeside)
        countStray(device, packet);
    if (!source)
        return;
    packet.from = {*source, port, packet.to.address.isLinkLocal() ? card->index : 0};
    if (isBeside)
        sendInside(device, *card, packet);
    else
        sendOutside(device, *card, packet);
}

/// Local addresses sent to the internet, and what is no host's address at all.
void Internet::countStray(int device, const Packet &packet)
{
    const IpAddress &to = packet.to.address;
    if (packet.kind != Packet::Kind::Probe)
        return;
    const bool isMesh = to.toString().startsWith(QStringLiteral("10.42."));
    const bool isNobodys = to.isLoopback() || to.isMulticast() || to.isUnspecified() || to.isLinkLocal() || isMesh
        || packet.to.port == 0;
    if (isNobodys) {
        ++astray;
        lastAstray = {device, to};
    } else if (isPrivate(Prefix::host(to))) {
        mostFirstLooks = std::max(mostFirstLooks, ++firstLooks.at(static_cast<std::size_t>(device)));
    }
}

void Internet::sendInside(int device, const Card &card, Packet packet)
{
    Site &site = sites[static_cast<std::size_t>(card.site)];
    const IpAddress to = packet.to.address;
    if (packet.kind == Packet::Kind::Probe && site.strangers.contains(to))
        mostToStranger = std::max(mostToStranger, ++toStrangers[{device, to}]);
    if (site.wormhole == to)
        return sendThroughWormhole(device, card.site, packet);
    if (site.isLanCut || chance() < site.loss)
        return;
    packet.from.scopeId = 0;
    deliver(card.site, packet, site.inLan);
}

/// To whoever owns the address in that network.
void Internet::deliver(int site, const Packet &packet, Time delay)
{
    agenda.after(delay, [this, site, packet] {
        for (int device = 0; device < 2; ++device) {
            for (const Card &card : cards.at(static_cast<std::size_t>(device))) {
                const bool isOwn = std::ranges::find(card.addresses, packet.to.address, &InterfaceAddress::address)
                    != card.addresses.end();
                if (card.site != site || !isOwn || packet.to.port != port
                    || isSlept.at(static_cast<std::size_t>(device)))
                    continue;
                Packet seen = packet;
                if (seen.from.address.isLinkLocal())
                    seen.from.scopeId = card.index;
                return arrived(device, seen, card.index);
            }
        }
    });
}

void Internet::sendOutside(int, const Card &card, Packet packet)
{
    const Site &site = sites[static_cast<std::size_t>(card.site)];
    if (site.isWanCut || site.isPortal || chance() < site.loss || packet.to.address.isLinkLocal()
        || isPrivate(Prefix::host(packet.to.address)))
        return;
    if (packet.to.address.family() == Family::IPv4)
        sendThrough4(card.site, std::move(packet));
    else
        sendThrough6(card.site, std::move(packet));
}

/// Queues on the way; never so much that packets of one device overtake each other by a round trip.
Time Internet::jitter(Time delay)
{
    return Time(static_cast<int>(chance() * chance() * 0.4 * static_cast<double>(delay.count())));
}

void Internet::sendThrough4(int from, Packet packet)
{
    Site &site = sites[static_cast<std::size_t>(from)];
    const quint16 outside = site.nat.portFor(packet.from);
    site.nat.open(outside, packet.to, agenda.now);
    packet.from = {*site.public4, outside, 0};
    const auto found = std::ranges::find(sites, std::optional(packet.to.address), &Site::public4);
    if (found == sites.end())
        return;
    const int target = static_cast<int>(found - sites.begin());
    const Time delay = site.toCore + found->toCore + jitter(site.toCore + found->toCore);
    agenda.after(delay, [this, target, packet] {
        Site &there = sites[static_cast<std::size_t>(target)];
        if (there.isWanCut || there.isPortal || !there.hasInternet || chance() < there.loss)
            return;
        if (there.wormhole && packet.to.port == kWormholePort) {
            Packet inside = packet;
            inside.from = {*there.wormhole, port, 0};
            // Whoever is in there and not the sender.
            for (const Card &card : cards.at(static_cast<std::size_t>(1 - packet.sender))) {
                if (card.site == target) {
                    inside.to = {card.addresses.front().address, port, 0};
                    deliver(target, inside, there.inLan);
                }
            }
            return;
        }
        if (const auto inside = there.nat.inside(packet.to.port, packet.from, agenda.now))
            enter(target, *inside, packet, there.inLan);
    });
}

void Internet::enter(int site, const Endpoint &inside, const Packet &packet, Time delay)
{
    Packet seen = packet;
    seen.to = inside;
    deliver(site, seen, delay);
}

/// No translation, but nothing comes in that was not asked for.
void Internet::sendThrough6(int from, Packet packet)
{
    Site &site = sites[static_cast<std::size_t>(from)];
    site.flows6.insert({packet.from.address, packet.to.address});
    const auto found = std::ranges::find_if(
        sites, [&](const Site &each) { return each.inside6 && each.inside6->network().contains(packet.to.address); });
    if (found == sites.end())
        return;
    const int target = static_cast<int>(found - sites.begin());
    const Time delay = site.toCore + found->toCore + jitter(site.toCore + found->toCore);
    agenda.after(delay, [this, target, packet] {
        const Site &there = sites[static_cast<std::size_t>(target)];
        const bool isAsked = there.isOpen6 || there.flows6.contains({packet.to.address, packet.from.address});
        if (!there.isWanCut && !there.isPortal && isAsked && chance() >= there.loss)
            deliver(target, packet, there.inLan);
    });
}

/// A host in the network that sends whatever it gets to the peer's public address, as if it were its own.
void Internet::sendThroughWormhole(int device, int from, Packet packet)
{
    const Site &site = sites[static_cast<std::size_t>(from)];
    if (!site.public4)
        return;
    packet.from = outsideOf(site);
    for (const Card &card : cards.at(static_cast<std::size_t>(1 - device))) {
        Site &home = sites[static_cast<std::size_t>(card.site)];
        if (!home.public4)
            continue;
        const quint16 outside = home.nat.portFor({card.addresses.front().address, port, 0});
        packet.to = {*home.public4, outside, 0};
        // The accomplice has a good line: it is quicker than the honest path.
        agenda.after(site.toCore, [this, site = card.site, packet] {
            Site &there = sites[static_cast<std::size_t>(site)];
            const auto inside = there.nat.inside(packet.to.port, packet.from, agenda.now);
            if (inside && !there.isWanCut)
                enter(site, *inside, packet, there.inLan);
        });
    }
}

} // namespace sallyport::sim
