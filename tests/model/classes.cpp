// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/classes.h"

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kNames = {"internet4", "internet6", "announced4", "announced6", "server4", "lan4",
    "elsewhere-lan4", "lan6", "link-local6", "on-link-public6", "mesh4", "mesh6", "subnet4", "subnet6", "lan-dns",
    "lan-dns-tls", "public-dns4", "public-dns6", "public-dns-tls", "exit-dns", "multicast4", "multicast6", "container",
    "dhcp4", "dhcp-renewal", "dhcp6", "neighbour-solicit", "router-solicit", "listener-report", "home-underlay4",
    "home-underlay6", "home-underlay-other-port", "exit-underlay4", "exit-underlay6", "exit-underlay-other",
    "exit-underlay-other-port", "excluded", "control", "from-container4", "from-container6", "from-container-lan",
    "from-container-mesh", "from-container-dns", "from-container-lan-dns", "from-home-internet", "from-home-lan",
    "from-exit-lan", "from-lan-internet", "in-home", "in-exit", "in-lan", "in-internet", "in-reply", "in-home-underlay",
    "in-dhcp", "in-advert", "spoofed-home", "spoofed-exit"};
static_assert(kNames.size() == kClasses);

const Name kUplink = Name::of(u"eth0"_s);
const Name kBridge = Name::of(u"docker0"_s);
const Name kHome = Name::of(QString::fromLatin1(kHomeLink));
const Name kExit = Name::of(QString::fromLatin1(kExitLink));

Packet to(const IpAddress &destination, Protocol protocol = Protocol::Tcp, quint16 port = 443)
{
    Packet packet;
    packet.destination = destination;
    packet.source = IpAddress::any(destination.family());
    packet.protocol = protocol;
    packet.destinationPort = port;
    return packet;
}

Packet to(QStringView destination, Protocol protocol = Protocol::Tcp, quint16 port = 443)
{
    return to(address(destination), protocol, port);
}

Packet marked(quint32 mark, QStringView destination, quint16 sourcePort, quint16 port)
{
    Packet packet = to(destination, Protocol::Udp, port);
    packet.mark = mark;
    packet.sourcePort = sourcePort;
    packet.user = 0;
    return packet;
}

/// What programs that configure a network send: through one link, whatever the routes are.
Packet bound(QStringView source, QStringView destination, Protocol protocol, quint16 from, quint16 port)
{
    Packet packet = to(destination, protocol, port);
    packet.source = address(source);
    packet.sourcePort = from;
    packet.output = kUplink;
    packet.user = 0;
    return packet;
}

Packet neighbourly(quint8 type, quint8 hopLimit, QStringView destination)
{
    Packet packet = bound(u"fe80::20", destination, Protocol::Icmp6, 0, 0);
    packet.icmpType = type;
    packet.hopLimit = hopLimit;
    return packet;
}

Packet from(const Name &input, const IpAddress &source, Packet packet)
{
    packet.input = input;
    packet.source = source;
    return packet;
}

Packet from(const Name &input, QStringView source, Packet packet)
{
    return from(input, address(source), std::move(packet));
}

/// A neighbour on the local network, and its router.
struct Neighbours {
    QStringView host4;
    QStringView far4;
    QStringView router4;
    QStringView own4;
    QStringView host6;
    QStringView public6;
};

Neighbours neighboursAt(Place place)
{
    switch (place) {
    case Place::Hotel:
    case Place::Mobile:
    case Place::Nowhere:
        return {u"192.168.7.30", u"192.168.9.30", u"192.168.7.1", u"192.168.7.20", u"fd99::30", u"2001:db8:55::30"};
    case Place::Cafe:
        return {u"192.168.9.30", u"192.168.7.30", u"192.168.9.1", u"192.168.9.20", u"fd99::30", u"2001:db8:9::30"};
    case Place::AtHome:
        return {u"10.41.1.30", u"192.168.7.30", u"10.41.0.1", u"10.41.1.2", u"fd99::30", u"2001:db8:41::30"};
    }
    return {};
}

class Rows {
public:
    void put(Class which, Packet packet) { packets.at(static_cast<std::size_t>(which)) = std::move(packet); }

    Packets packets;
};

void addPayload(Rows &rows, const Neighbours &near)
{
    rows.put(Class::Internet4, to(at::kInternet4));
    rows.put(Class::Internet6, to(at::kInternet6));
    rows.put(Class::Announced4, to(at::kAnnounced4));
    rows.put(Class::Announced6, to(at::kAnnounced6));
    rows.put(Class::Server4, to(at::kServer4, Protocol::Udp, 51820));
    rows.put(Class::Lan4, to(near.host4));
    rows.put(Class::ElsewhereLan4, to(near.far4));
    rows.put(Class::Lan6, to(near.host6));
    rows.put(Class::LinkLocal6, bound(u"fe80::20", u"fe80::30", Protocol::Tcp, 40000, 443));
    rows.put(Class::OnLinkPublic6, to(near.public6));
    rows.put(Class::Mesh4, to(at::kMesh4));
    rows.put(Class::Mesh6, to(at::kMesh6));
    rows.put(Class::Subnet4, to(at::kSubnet4));
    rows.put(Class::Subnet6, to(at::kSubnet6));
    rows.put(Class::LanDns, to(near.router4, Protocol::Udp, 53));
    rows.put(Class::LanDnsTls, to(near.router4, Protocol::Tcp, 853));
    rows.put(Class::PublicDns4, to(u"9.9.9.9", Protocol::Udp, 53));
    rows.put(Class::PublicDns6, to(u"2620:fe::9", Protocol::Udp, 53));
    rows.put(Class::PublicDnsTls, to(u"9.9.9.9", Protocol::Tcp, 853));
    rows.put(Class::ExitDns, to(at::kExitResolver, Protocol::Udp, 53));
    rows.put(Class::Multicast4, to(u"224.0.0.251", Protocol::Udp, 5353));
    rows.put(Class::Multicast6, bound(u"fe80::20", u"ff02::fb", Protocol::Udp, 5353, 5353));
    rows.put(Class::Container, to(at::kContainer4));
}

void addJoining(Rows &rows, const Neighbours &near)
{
    rows.put(Class::Dhcp4, bound(u"0.0.0.0", u"255.255.255.255", Protocol::Udp, 68, 67));
    Packet renewal = to(near.router4, Protocol::Udp, 67);
    renewal.sourcePort = 68;
    rows.put(Class::DhcpRenewal, renewal);
    rows.put(Class::Dhcp6, bound(u"fe80::20", u"ff02::1:2", Protocol::Udp, 546, 547));
    rows.put(Class::NeighbourSolicit, neighbourly(135, 255, u"ff02::1:ff00:30"));
    rows.put(Class::RouterSolicit, neighbourly(133, 255, u"ff02::2"));
    rows.put(Class::ListenerReport, neighbourly(143, 1, u"ff02::16"));
}

void addMarked(Rows &rows)
{
    constexpr quint16 kServerPort = 51820;
    rows.put(Class::HomeUnderlay4, marked(kHomeMark, at::kNas4, kHomePort, 54445));
    rows.put(Class::HomeUnderlay6, marked(kHomeMark, at::kNas6, kHomePort, 54445));
    rows.put(Class::HomeUnderlayOtherPort, marked(kHomeMark, at::kNas4, 40000, 54445));
    rows.put(Class::ExitUnderlay4, marked(kExitMark, at::kServer4, 41000, kServerPort));
    rows.put(Class::ExitUnderlay6, marked(kExitMark, at::kServer6, 41000, kServerPort));
    rows.put(Class::ExitUnderlayOther, marked(kExitMark, at::kInternet4, 41000, kServerPort));
    rows.put(Class::ExitUnderlayOtherPort, marked(kExitMark, at::kServer4, 41000, 443));
    rows.put(Class::Excluded, marked(kExcludedMark, at::kInternet4, 40000, 443));
    rows.put(Class::Control, marked(kControlMark, at::kInternet4, 40000, 443));
}

void addForwarded(Rows &rows, const Neighbours &near)
{
    rows.put(Class::FromContainer4, from(kBridge, at::kContainer4, to(at::kInternet4)));
    rows.put(Class::FromContainer6, from(kBridge, at::kContainer6, to(at::kInternet6)));
    rows.put(Class::FromContainerLan, from(kBridge, at::kContainer4, to(near.host4)));
    rows.put(Class::FromContainerMesh, from(kBridge, at::kContainer4, to(at::kMesh4)));
    rows.put(Class::FromContainerDns, from(kBridge, at::kContainer4, to(u"9.9.9.9", Protocol::Udp, 53)));
    rows.put(Class::FromContainerLanDns, from(kBridge, at::kContainer4, to(near.router4, Protocol::Udp, 53)));
    rows.put(Class::FromHomeInternet, from(kHome, at::kMesh4, to(at::kInternet4)));
    rows.put(Class::FromHomeLan, from(kHome, at::kMesh4, to(near.host4)));
    rows.put(Class::FromExitLan, from(kExit, at::kInternet4, to(near.host4)));
    rows.put(Class::FromLanInternet, from(kUplink, near.host4, to(at::kInternet4)));
}

void addReceived(Rows &rows, const Neighbours &near)
{
    rows.put(Class::InHome, from(kHome, at::kMesh4, to(at::kOwnMesh4, Protocol::Tcp, 22)));
    rows.put(Class::InExit, from(kExit, at::kInternet4, to(at::kOwnExit4, Protocol::Tcp, 22)));
    rows.put(Class::InLan, from(kUplink, near.host4, to(near.own4, Protocol::Tcp, 22)));
    rows.put(Class::InInternet, from(kUplink, at::kInternet4, to(near.own4, Protocol::Tcp, 22)));
    Packet reply = from(kUplink, at::kInternet4, to(near.own4));
    reply.flow = Flow::Established;
    reply.isReply = true;
    rows.put(Class::InReply, reply);
    rows.put(Class::InHomeUnderlay, from(kUplink, at::kInternet4, to(near.own4, Protocol::Udp, kHomePort)));
    Packet offer = from(kUplink, near.router4, to(near.own4, Protocol::Udp, 68));
    offer.sourcePort = 67;
    rows.put(Class::InDhcp, offer);
    Packet advert = from(kUplink, u"fe80::1", to(u"ff02::1", Protocol::Icmp6, 0));
    advert.icmpType = 134;
    advert.hopLimit = 255;
    rows.put(Class::InAdvert, advert);
    rows.put(Class::SpoofedHome, from(kUplink, near.host4, to(at::kOwnMesh4, Protocol::Tcp, 22)));
    rows.put(Class::SpoofedExit, from(kUplink, near.host4, to(at::kOwnExit4, Protocol::Tcp, 22)));
}

/// No link, nothing that comes in by it; no IPv4 at a place, nothing of it from there.
bool happensAt(const Packet &packet, const Ground &ground)
{
    if (packet.input != kUplink)
        return true;
    for (const GroundLink &link : ground.links) {
        for (const InterfaceAddress &own : link.addresses) {
            if (link.isPhysical && own.address.family() == packet.family())
                return true;
        }
    }
    return false;
}

} // namespace

QString nameOf(Class which)
{
    return QString::fromLatin1(kNames.at(static_cast<std::size_t>(which)));
}

Packets packetsAt(Place place)
{
    const Neighbours near = neighboursAt(place);
    Rows rows;
    addPayload(rows, near);
    addJoining(rows, near);
    addMarked(rows);
    addForwarded(rows, near);
    addReceived(rows, near);
    for (auto &packet : rows.packets) {
        if (packet && !happensAt(*packet, groundOf(place)))
            packet.reset();
    }
    return rows.packets;
}

} // namespace sallyport::model
