// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/promise.h"

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

using Kind = Promise::Kind;

const Name kHome = Name::of(QString::fromLatin1(kHomeLink));
const Name kExit = Name::of(QString::fromLatin1(kExitLink));

Promise just(Kind kind)
{
    return {kind, {}, {}};
}

/// The words of the design for one wish, in terms of where it stands.
class Design {
public:
    explicit Design(const Wish &wish)
        : m_wish(wish), m_has4(wish.place != Place::Mobile && wish.place != Place::Nowhere),
          m_has6(wish.place != Place::Hotel && wish.place != Place::Nowhere), m_lan4(m_has4),
          m_lan6(wish.place == Place::Cafe)
    {
    }

    Promises promises()
    {
        addPayload();
        addJoining();
        addUnderlay();
        addForwarded();
        addReceived();
        return m_promises;
    }

private:
    Promise &operator[](Class which) { return m_promises.at(static_cast<std::size_t>(which)); }

    bool has(Family family) const { return family == Family::IPv4 ? m_has4 : m_has6; }
    bool isOpen() const { return !m_wish.isGuarded(); }
    bool hasUplink() const { return m_wish.place != Place::Nowhere; }

    Promise clearIf(bool possible) const { return just(possible ? Kind::Clear : Kind::Refused); }

    Promise through(const Name &tunnel, QStringView server4, QStringView server6) const
    {
        // IPv4 is tried first, as the configuration lists it first.
        if (m_has4 && !server4.isEmpty())
            return {Kind::Tunnel, tunnel, address(server4)};
        if (m_has6 && !server6.isEmpty())
            return {Kind::Tunnel, tunnel, address(server6)};
        return just(Kind::Refused);
    }
    Promise toNas() const
    {
        return m_wish.place == Place::AtHome ? through(kHome, at::kNasLan, {}) : through(kHome, at::kNas4, at::kNas6);
    }

    /// Whatever is neither local nor home's.
    Promise internet(Family family) const
    {
        switch (m_wish.exit) {
        case ChosenExit::Off:
            return clearIf(isOpen() && has(family));
        case ChosenExit::Se:
            return through(kExit, at::kServer4, at::kServer6);
        case ChosenExit::No:
            return through(kExit, u"198.51.100.8", u"2001:db8:7::8");
        case ChosenExit::Four:
            return family == Family::IPv4 ? through(kExit, u"198.51.100.9", {}) : just(Kind::Refused);
        case ChosenExit::Six:
            return family == Family::IPv6 ? through(kExit, {}, u"2001:db8:7::10") : just(Kind::Refused);
        case ChosenExit::Vps:
            return through(kHome, at::kVps4, at::kVps6);
        case ChosenExit::Nas:
            return toNas();
        case ChosenExit::Broken:
            return just(Kind::Refused);
        }
        return {};
    }
    /// A private network that we stand on.
    Promise lan(bool isHere, Family family) const
    {
        if (isOpen())
            return clearIf(isHere || has(family));
        if (isHere && m_wish.allowLan)
            return just(Kind::Clear);
        // At home the network around us is also the one behind the nas, which has it inside of sally-home.
        const bool isBehindNas = m_wish.place == Place::AtHome && family == Family::IPv4 && m_wish.home;
        return isBehindNas && m_wish.isDevice() ? toNas() : internet(family);
    }
    Promise lanResolver() const
    {
        if (isOpen())
            return clearIf(m_has4);
        return m_lan4 && m_wish.allowLan ? just(Kind::Refused) : lan(m_lan4, Family::IPv4);
    }

    void addPayload()
    {
        for (const Class which : {Class::Internet4, Class::Announced4, Class::Server4, Class::PublicDns4,
                 Class::PublicDnsTls, Class::ExitDns, Class::ElsewhereLan4})
            (*this)[which] = internet(Family::IPv4);
        for (const Class which : {Class::Internet6, Class::Announced6, Class::OnLinkPublic6, Class::PublicDns6})
            (*this)[which] = internet(Family::IPv6);
        (*this)[Class::Lan4] = lan(m_lan4, Family::IPv4);
        (*this)[Class::Lan6] = lan(m_lan6, Family::IPv6);
        const bool linkLocal = m_has6 || m_has4;
        (*this)[Class::LinkLocal6] = clearIf(linkLocal && hasUplink() && (isOpen() || m_wish.allowLan));
        (*this)[Class::Multicast6] = (*this)[Class::LinkLocal6];
        (*this)[Class::Multicast4]
            = isOpen() ? clearIf(m_has4) : (m_wish.allowLan ? clearIf(m_has4) : internet(Family::IPv4));
        (*this)[Class::Container] = just(Kind::Bridge);
        (*this)[Class::LanDns] = lanResolver();
        (*this)[Class::LanDnsTls] = lanResolver();
        (*this)[Class::Mesh4] = m_wish.home ? toNas() : internet(Family::IPv4);
        (*this)[Class::Mesh6] = m_wish.home ? toNas() : internet(Family::IPv6);
        const bool onSubnet = m_wish.place == Place::AtHome;
        (*this)[Class::Subnet4] = onSubnet ? lan(true, Family::IPv4) : (*this)[Class::Mesh4];
        (*this)[Class::Subnet6] = (*this)[Class::Mesh6];
    }

    void addJoining()
    {
        for (const Class which :
            {Class::Dhcp4, Class::Dhcp6, Class::NeighbourSolicit, Class::RouterSolicit, Class::ListenerReport})
            (*this)[which] = clearIf(hasUplink());
        (*this)[Class::DhcpRenewal] = lan(m_lan4, Family::IPv4);
    }

    void addUnderlay()
    {
        const bool home = isOpen() || m_wish.hasHomeLink();
        (*this)[Class::HomeUnderlay4] = clearIf(home && m_has4);
        (*this)[Class::HomeUnderlay6] = clearIf(home && m_has6);
        const bool se = isOpen() || m_wish.exit == ChosenExit::Se;
        (*this)[Class::ExitUnderlay4] = clearIf(se && m_has4);
        (*this)[Class::ExitUnderlay6] = clearIf(m_has6 && (isOpen() || (se && !m_has4)));
        for (const Class which : {Class::HomeUnderlayOtherPort, Class::ExitUnderlayOther, Class::ExitUnderlayOtherPort,
                 Class::Excluded, Class::Control})
            (*this)[which] = clearIf(isOpen() && m_has4);
    }

    void addForwarded()
    {
        (*this)[Class::FromContainer4] = internet(Family::IPv4);
        (*this)[Class::FromContainer6] = internet(Family::IPv6);
        (*this)[Class::FromContainerDns] = internet(Family::IPv4);
        (*this)[Class::FromContainerLan] = lan(m_lan4, Family::IPv4);
        (*this)[Class::FromContainerLanDns] = lanResolver();
        (*this)[Class::FromContainerMesh] = (*this)[Class::Mesh4];
        if (isOpen())
            return;
        for (const Class which : {Class::FromLanInternet, Class::FromExitLan})
            (*this)[which] = just(Kind::NotClear);
        (*this)[Class::FromHomeInternet] = just(Kind::Refused); // nobody has made this machine an exit
        if (!m_wish.allowLan)
            (*this)[Class::FromHomeLan] = just(Kind::NotClear);
    }

    void addReceived()
    {
        for (const Class which : {Class::InReply, Class::InDhcp, Class::InAdvert})
            (*this)[which] = just(Kind::Here);
        (*this)[Class::InLan] = just(isOpen() || m_wish.allowLan ? Kind::Here : Kind::Refused);
        (*this)[Class::InInternet] = just(isOpen() ? Kind::Here : Kind::Refused);
        (*this)[Class::InHomeUnderlay] = just(isOpen() || m_wish.hasHomeLink() ? Kind::Here : Kind::Refused);
        if (m_wish.hasHomeLink()) {
            (*this)[Class::InHome] = just(Kind::Here);
            (*this)[Class::SpoofedHome] = just(Kind::Refused);
        }
        if (m_wish.exit == ChosenExit::Se) {
            (*this)[Class::InExit] = just(Kind::Refused);
            (*this)[Class::SpoofedExit] = just(Kind::Refused);
        }
    }

    Wish m_wish;
    bool m_has4;
    bool m_has6;
    bool m_lan4; ///< we stand on a private network of that family
    bool m_lan6;
    Promises m_promises;
};

} // namespace

bool Promise::isKeptBy(const Fate &fate) const
{
    const bool isClear = fate.end == Fate::End::Left && !fate.isEncrypted() && fate.link == Name::of(u"eth0"_s);
    switch (kind) {
    case Kind::Anything:
        return true;
    case Kind::Refused:
        return fate.isRefused();
    case Kind::Clear:
        return isClear;
    case Kind::NotClear:
        return !isClear;
    case Kind::Bridge:
        return fate.end == Fate::End::Left && !fate.isEncrypted() && fate.link == Name::of(u"docker0"_s);
    case Kind::Here:
        return fate.end == Fate::End::Here;
    case Kind::Tunnel:
        return fate.end == Fate::End::Left && fate.tunnels[0] == tunnel && fate.tunnels[1].isEmpty()
            && fate.link == Name::of(u"eth0"_s) && fate.server == server;
    }
    return false;
}

QString Promise::toString() const
{
    switch (kind) {
    case Kind::Anything:
        return u"anything"_s;
    case Kind::Refused:
        return u"refused"_s;
    case Kind::Clear:
        return u"by the uplink"_s;
    case Kind::NotClear:
        return u"not by the uplink"_s;
    case Kind::Bridge:
        return u"to the bridge"_s;
    case Kind::Here:
        return u"received here"_s;
    case Kind::Tunnel:
        return u"in %1 to %2"_s.arg(tunnel.toString(), server ? server->toString() : QString());
    }
    return {};
}

Promises promisesOf(const Wish &wish)
{
    return Design(wish).promises();
}

} // namespace sallyport::model
