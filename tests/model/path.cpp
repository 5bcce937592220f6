// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/path.h"

#include <algorithm>

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

Fate ended(Fate fate, Fate::End end)
{
    fate.end = end;
    return fate;
}

Fate stopped(Fate fate, nft::Outcome outcome)
{
    return ended(std::move(fate), outcome == nft::Outcome::Rejected ? Fate::End::Rejected : Fate::End::Dropped);
}

QString nameOf(Fate::End end)
{
    switch (end) {
    case Fate::End::Left:
        return u"left"_s;
    case Fate::End::Here:
        return u"received here"_s;
    case Fate::End::NoRoute:
        return u"no route"_s;
    case Fate::End::Rejected:
        return u"rejected"_s;
    case Fate::End::Dropped:
        return u"dropped"_s;
    case Fate::End::NoPeer:
        return u"no peer"_s;
    case Fate::End::Loop:
        return u"loop"_s;
    case Fate::End::Absent:
        return u"absent"_s;
    }
    return {};
}

/// Cryptokey routing: the longest prefix has the packet.
const Peer *peerFor(const ObservedLink &tunnel, const IpAddress &destination)
{
    const Peer *best = nullptr;
    int longest = -1;
    for (const ObservedPeer &each : tunnel.peers) {
        for (const Prefix &prefix : each.peer.allowedIps) {
            if (prefix.family() == destination.family() && prefix.contains(destination) && prefix.length() > longest) {
                best = &each.peer;
                longest = prefix.length();
            }
        }
    }
    return best;
}

} // namespace

QString Fate::toString() const
{
    QString text = nameOf(end);
    for (const Name &tunnel : tunnels) {
        if (!tunnel.isEmpty())
            text += u" in "_s + tunnel.toString();
    }
    if (!link.isEmpty())
        text += u" by "_s + link.toString();
    return server ? text + u" to "_s + server->toString() : text;
}

Fate Path::fateOf(const Packet &packet) const
{
    return packet.input.isEmpty() ? send(packet, {}) : receive(packet);
}

nft::Filtered Path::filtered(nft::Hook hook, const Packet &packet) const
{
    return m_machine.filter().run(hook, packet, [this](const IpAddress &address) { return m_routing.kindOf(address); });
}

Fate Path::send(Packet packet, Fate fate) const
{
    const bool isBound = !packet.output.isEmpty();
    Way way = m_routing.wayOf(packet);
    if (way.kind != Way::Kind::Out)
        return ended(std::move(fate), way.kind == Way::Kind::Here ? Fate::End::Here : Fate::End::NoRoute);
    packet.output = way.link;
    if (packet.source.isUnspecified())
        packet.source = m_routing.sourceFor(way.link, packet.destination);
    const quint32 mark = packet.mark;
    nft::Filtered passed = filtered(nft::Hook::Output, packet);
    if (passed.outcome != nft::Outcome::Accepted)
        return stopped(std::move(fate), passed.outcome);
    if (passed.packet.mark != mark && !isBound) {
        passed.packet.output = {};
        way = m_routing.wayOf(passed.packet);
        if (way.kind != Way::Kind::Out)
            return ended(std::move(fate), Fate::End::NoRoute);
        passed.packet.output = way.link;
    }
    return leave(passed.packet, way.link, std::move(fate));
}

Fate Path::receive(Packet packet) const
{
    packet.output = {};
    nft::Filtered passed = filtered(nft::Hook::Prerouting, packet);
    if (passed.outcome != nft::Outcome::Accepted)
        return stopped({}, passed.outcome);
    packet = passed.packet;
    const Way way = m_routing.wayOf(packet);
    if (way.kind == Way::Kind::Refused)
        return {};
    if (way.kind == Way::Kind::Here) {
        passed = filtered(nft::Hook::Input, packet);
        return passed.outcome == nft::Outcome::Accepted ? ended({}, Fate::End::Here) : stopped({}, passed.outcome);
    }
    packet.output = way.link;
    passed = filtered(nft::Hook::Forward, packet);
    if (passed.outcome != nft::Outcome::Accepted)
        return stopped({}, passed.outcome);
    return leave(passed.packet, way.link, {});
}

Fate Path::leave(const Packet &packet, const Name &link, Fate fate) const
{
    const nft::Filtered passed = filtered(nft::Hook::Postrouting, packet);
    if (passed.outcome != nft::Outcome::Accepted)
        return stopped(std::move(fate), passed.outcome);
    const auto &links = m_machine.observe().links;
    const auto tunnel
        = std::ranges::find_if(links, [&](const ObservedLink &each) { return Name::of(each.name) == link; });
    if (tunnel != links.end())
        return enterTunnel(*tunnel, passed.packet, std::move(fate));
    fate.link = link;
    if (fate.isEncrypted())
        fate.server = packet.destination;
    return ended(std::move(fate), Fate::End::Left);
}

Fate Path::enterTunnel(const ObservedLink &tunnel, const Packet &packet, Fate fate) const
{
    const Name name = Name::of(tunnel.name);
    if (!fate.tunnels[1].isEmpty() || fate.tunnels[0] == name)
        return ended(std::move(fate), Fate::End::Loop);
    fate.tunnels.at(fate.isEncrypted() ? 1 : 0) = name;
    const Peer *peer = peerFor(tunnel, packet.destination);
    if (!peer || !peer->endpoint || tunnel.publicKey.isNull())
        return ended(std::move(fate), Fate::End::NoPeer);
    Packet outer;
    outer.destination = peer->endpoint->address;
    outer.source = IpAddress::any(outer.destination.family());
    outer.destinationPort = peer->endpoint->port;
    outer.sourcePort = tunnel.listenPort;
    outer.mark = tunnel.mark;
    outer.user = 0;
    return send(outer, std::move(fate));
}

} // namespace sallyport::model
