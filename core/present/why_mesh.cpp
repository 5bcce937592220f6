// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/present/ways.h"
#include "core/present/why_walk.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// WireGuard refuses a session after 180 s (REJECT_AFTER_TIME).
constexpr auto kSessionLife = 180s;

bool hasItself(const Device &device, const IpAddress &address)
{
    return std::ranges::any_of(device.addresses, [&](const Prefix &own) { return own.contains(address); });
}

const PeerSnapshot *peerOf(const WhyFacts &facts, const Device &device)
{
    const auto &peers = facts.snapshot.home.peers;
    const auto found = std::ranges::find(peers, device.publicKey, &PeerSnapshot::publicKey);
    return found == peers.end() ? nullptr : &*found;
}

bool walkSwitch(Walk &walk)
{
    const Snapshot &snapshot = walk.facts.snapshot;
    if (!snapshot.home.enabled) {
        walk.bad(u"home"_s, u"Home is off."_s, u"Switch Home on: `sally home on`."_s);
        return false;
    }
    if (snapshot.home.phase != Phase::Up) {
        const QString reason = snapshot.lastError ? u": "_s + snapshot.lastError->detail : u"."_s;
        walk.bad(u"home"_s, u"Home is on, but does not work"_s + reason,
            walk.adviceOr(u"See `sally doctor` for what is missing."_s));
        return false;
    }
    walk.good(u"home"_s, u"Home is on."_s);
    return true;
}

/// A network behind a device gives way to the same network when we stand on it.
bool isDirect(const Walk &walk, const Device &device)
{
    const RouteFact &route = walk.facts.route;
    return route.kind == RouteFact::Kind::Sent && !walk.leavesBy(kHomeLink) && !walk.leavesBy(kExitLink)
        && !route.gateway && !hasItself(device, *walk.facts.address);
}

bool walkRoute(Walk &walk, const Device &device)
{
    const QString where = walk.address();
    if (walk.facts.route.kind != RouteFact::Kind::Sent) {
        walk.bad(u"route"_s, u"The kernel refuses to send to %1: %2."_s.arg(where, walk.facts.route.obstacle),
            walk.adviceOr(u"Switch Home off and on again: `sally home off`, then `sally home on`."_s));
        return false;
    }
    if (walk.leavesBy(kHomeLink)) {
        walk.good(u"route"_s, u"The kernel sends to %1 through %2."_s.arg(where, walk.wayOut()));
        return true;
    }
    if (isDirect(walk, device)) {
        walk.good(u"route"_s,
            u"%1 is on a network that this machine stands on, so it is reached directly through %2, not through %3."_s
                .arg(where, walk.facts.route.interface, device.name));
        return false;
    }
    walk.bad(u"route"_s,
        u"The kernel sends to %1 through %2, and not through %3."_s.arg(where, walk.wayOut(), QLatin1String(kHomeLink)),
        walk.adviceOr(u"Leave out or stop whoever takes the addresses of Home; `sally doctor` lists them."_s));
    return false;
}

void walkDevice(Walk &walk, const Device &device)
{
    const IpAddress &address = *walk.facts.address;
    if (hasItself(device, address))
        return walk.good(u"device"_s, u"%1 belongs to %2."_s.arg(walk.address(), device.name));
    const auto behind
        = std::ranges::find_if(device.routes, [&](const Prefix &route) { return route.contains(address); });
    walk.good(u"device"_s,
        u"%1 is in %2, the network behind %3."_s.arg(
            walk.address(), behind == device.routes.end() ? QString() : behind->toString(), device.name));
}

QStringList detailsOf(const Ways &ways)
{
    QStringList lines;
    for (const Way &way : ways.candidates)
        lines += u"%1: %2"_s.arg(way.address, way.reason);
    return lines;
}

void walkWays(Walk &walk, const Device &device, const PeerSnapshot &peer, const Ways &ways)
{
    if (peer.endpoint.isEmpty())
        return walk.bad(u"ways"_s, u"It is not known where %1 can be reached."_s.arg(device.name),
            ways.candidates.empty()
                ? u"Give %1 an endpoint in the configuration, or let it connect to this machine first."_s.arg(
                    device.name)
                : u"Give %1 an endpoint that can be reached from here."_s.arg(device.name),
            detailsOf(ways));
    const QString via = peer.via == Via::Lan ? u" on this network"_s
        : peer.via == Via::Relay             ? u", through a relay"_s
                                             : QString();
    const QString took = ways.roundTrip ? u", round trip %1"_s.arg(roundTripText(*ways.roundTrip)) : QString();
    walk.good(
        u"ways"_s, u"WireGuard reaches %1 at %2%3%4."_s.arg(device.name, peer.endpoint, via, took), detailsOf(ways));
}

/// A person's own word that stands in the way is the first suspect.
QString connectAdvice(const Device &device, const PeerSnapshot &peer, const Ways &ways)
{
    const auto said
        = [&](Preference preference) { return std::ranges::find(ways.candidates, preference, &Way::preference); };
    for (const Preference preference : {Preference::Pin, Preference::Forbid}) {
        if (const auto found = said(preference); found != ways.candidates.end())
            return u"Take back what you said about %1: `sally device release %2 %1`."_s.arg(
                found->address, device.name);
    }
    const auto endpoint = HostEndpoint::parse(peer.endpoint);
    const QString port = endpoint ? QString::number(endpoint->port) : QString();
    if (peer.via == Via::Lan)
        return u"Check that %1 is switched on and that its firewall lets UDP port %2 in."_s.arg(device.name, port);
    return u"Check that %1 is switched on and that UDP port %2 of %3 is forwarded to it."_s.arg(
        device.name, port, endpoint ? endpoint->host : peer.endpoint);
}

void walkHandshake(Walk &walk, const Device &device, const PeerSnapshot &peer, const Ways &ways)
{
    const auto age = peer.activity.handshakeAge;
    const bool hasAnswered = walk.facts.farSide.kind == FarSide::Kind::Answered;
    if (age && (*age <= kSessionLife || hasAnswered))
        return walk.good(u"handshake"_s, u"The last handshake with %1 was %2 ago."_s.arg(device.name, spanOf(*age)));
    if (hasAnswered)
        return walk.good(u"handshake"_s, u"%1 and this machine have agreed on keys just now."_s.arg(device.name));
    const QString since = age ? u"%1 has not answered for %2."_s.arg(device.name, spanOf(*age))
                              : u"%1 has never answered."_s.arg(device.name);
    if (walk.facts.farSide.kind == FarSide::Kind::NotAsked)
        return walk.notAsked(u"handshake"_s, since + u" Nothing was sent to it now."_s);
    walk.bad(u"handshake"_s, since, connectAdvice(device, peer, ways));
}

} // namespace

void walkMesh(Walk &walk, const Device &device)
{
    if (!walkSwitch(walk))
        return;
    const bool isDirectly = isDirect(walk, device);
    if (!walkRoute(walk, device)) {
        if (isDirectly)
            walkFarSide(walk, u"Check that %1 is switched on."_s.arg(walk.address()));
        return;
    }
    walkDevice(walk, device);
    if (const PeerSnapshot *peer = peerOf(walk.facts, device)) {
        const Ways ways = waysTo(*peer, findPeer(walk.facts.ledger, peer->publicKey));
        walkWays(walk, device, *peer, ways);
        if (!peer->endpoint.isEmpty())
            walkHandshake(walk, device, *peer, ways);
    }
    const QString own
        = u"Look at the firewall of %1: WireGuard works, but the machine itself says nothing."_s.arg(device.name);
    const QString behind
        = u"Check that %1 is switched on and that %2 forwards to it and back."_s.arg(walk.address(), device.name);
    walkFarSide(walk, hasItself(device, *walk.facts.address) ? own : behind);
}

void walkFarSide(Walk &walk, const QString &silent)
{
    const FarSide &far = walk.facts.farSide;
    const QString where = walk.address();
    if (far.large == FarSide::LargePackets::Through)
        walk.good(u"size"_s, u"Packets of %1 bytes get through."_s.arg(far.largeSize));
    else if (far.large == FarSide::LargePackets::Lost)
        walk.bad(u"size"_s, u"Small packets get through, those of %1 bytes do not."_s.arg(far.largeSize),
            walk.leavesBy(kHomeLink) ? u"Set \"mtu\": %1 in home and apply the configuration again."_s.arg(kMinimumMtu)
                                     : u"Ask whoever runs the network: it loses large packets."_s);
    switch (far.kind) {
    case FarSide::Kind::Answered:
        return walk.good(u"answer"_s, u"%1 answers after %2 (%3)."_s.arg(where, roundTripText(far.took), far.how));
    case FarSide::Kind::Silent:
        return walk.bad(u"answer"_s, u"%1 does not answer (%2)."_s.arg(where, far.how), silent);
    case FarSide::Kind::Blocked:
        return walk.bad(u"answer"_s, u"This machine's own firewall lets nothing out to %1."_s.arg(where),
            walk.adviceOr(u"See `sally status` for what the guard blocks; if it is open, look at the firewall."_s));
    case FarSide::Kind::NotAsked:
        return walk.notAsked(u"answer"_s, u"Whether %1 answers could not be asked: %2."_s.arg(where, far.how));
    }
}

} // namespace sallyport
