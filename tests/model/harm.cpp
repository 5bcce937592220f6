// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/promise.h"

#include <algorithm>

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

const Name kUplink = Name::of(u"eth0"_s);
const Name kHome = Name::of(QString::fromLatin1(kHomeLink));

bool isAmong(Class which, std::initializer_list<Class> classes)
{
    return std::ranges::find(classes, which) != classes.end();
}

bool isOwnUnderlay(Class which)
{
    return which >= Class::HomeUnderlay4 && which <= Class::Control;
}

bool joinsNetwork(Class which)
{
    return isAmong(
        which, {Class::Dhcp4, Class::Dhcp6, Class::NeighbourSolicit, Class::RouterSolicit, Class::ListenerReport});
}

/// Private networks around the machine, and nothing that asks for names.
bool isOnLan(Class which, const Wish &wish)
{
    if (isAmong(which, {Class::Subnet4}))
        return wish.place == Place::AtHome;
    return isAmong(which,
        {Class::Lan4, Class::Lan6, Class::LinkLocal6, Class::Multicast4, Class::Multicast6, Class::DhcpRenewal,
            Class::FromContainerLan, Class::FromHomeLan});
}

/// The subnet behind the nas, while we stand on it or did a moment ago: nobody can know that we left before the kernel
/// says so.
bool givesWay(Class which, const Change &change)
{
    return which == Class::Subnet4
        && std::ranges::any_of(change.wishes, [](const Wish &wish) { return wish.place == Place::AtHome; });
}

bool isForHome(Class which)
{
    return isAmong(which, {Class::Mesh4, Class::Mesh6, Class::Subnet4, Class::Subnet6, Class::FromContainerMesh});
}

/// What may be read by whoever listens on the wire.
QString readable(Class which, const Change &change)
{
    if (isForHome(which) && change.keepsHome() && !givesWay(which, change))
        return u"home's packets are readable"_s;
    if (!change.isGuarded() || joinsNetwork(which))
        return {};
    if (isOwnUnderlay(which)) {
        return change.everPromises(which, Promise::Kind::Clear) ? QString()
                                                                : u"marked packets that nobody wants leave"_s;
    }
    if (isOnLan(which, change.after()) && change.everAllowsLan())
        return {};
    return u"it leaves past the guard"_s;
}

QString wrongTunnel(Class which, const Fate &fate, const Change &change)
{
    if (fate.end == Fate::End::Loop || !fate.tunnels[1].isEmpty())
        return u"a tunnel runs inside of another"_s;
    if (isOwnUnderlay(which) && fate.isEncrypted())
        return u"encrypted packets enter a tunnel"_s;
    const bool entersOther = fate.isEncrypted() && fate.tunnels[0] != kHome;
    if (isForHome(which) && change.keepsHome() && entersOther && !givesWay(which, change))
        return u"home's packets enter the exit"_s;
    return {};
}

QString wronglyTaken(Class which, const Fate &fate, const Change &change)
{
    if (fate.end != Fate::End::Here)
        return {};
    if ((which == Class::SpoofedHome && change.keepsHomeLink()) || (which == Class::SpoofedExit && change.keepsSe()))
        return u"a packet for a tunnel's address is taken from the network"_s;
    const bool fromOutside = which == Class::InInternet || (which == Class::InLan && !change.everAllowsLan());
    return change.isGuarded() && fromOutside ? u"somebody outside reaches this machine"_s : QString();
}

} // namespace

bool isMeantForInternet(Class which)
{
    return isAmong(which,
        {Class::Internet4, Class::Internet6, Class::Announced4, Class::Announced6, Class::Server4, Class::ElsewhereLan4,
            Class::OnLinkPublic6, Class::PublicDns4, Class::PublicDns6, Class::PublicDnsTls, Class::ExitDns,
            Class::FromContainer4, Class::FromContainer6, Class::FromContainerDns});
}

bool isReadable(const Fate &fate)
{
    return fate.end == Fate::End::Left && !fate.isEncrypted() && fate.link == kUplink;
}

bool mustNotBeInterrupted(Class which, const Change &change)
{
    return !isForHome(which) || change.before().home == change.after().home;
}

QString harmOf(Class which, const Fate &fate, const Change &change)
{
    QString harm = isReadable(fate) ? readable(which, change) : QString();
    if (harm.isEmpty())
        harm = wrongTunnel(which, fate, change);
    if (harm.isEmpty())
        harm = wronglyTaken(which, fate, change);
    const bool madeHere = which <= Class::ListenerReport;
    if (harm.isEmpty() && change.isGuarded() && madeHere && !fate.isEncrypted() && fate.end == Fate::End::Dropped)
        harm = u"a program is left waiting: dropped, not rejected"_s;
    return harm;
}

Change::Change(std::vector<Wish> course) : wishes(std::move(course))
{
    for (const Wish &wish : wishes)
        promises.push_back(promisesOf(wish));
}

bool Change::isGuarded() const
{
    const bool closes = wishes.size() == 2 && wishes.back().isGuarded();
    return closes || std::ranges::all_of(wishes, &Wish::isGuarded);
}

bool Change::keepsHome() const
{
    return std::ranges::all_of(wishes, &Wish::home);
}

bool Change::keepsHomeLink() const
{
    return std::ranges::all_of(wishes, &Wish::hasHomeLink);
}

bool Change::keepsSe() const
{
    return std::ranges::all_of(wishes, [](const Wish &wish) { return wish.exit == ChosenExit::Se; });
}

bool Change::everAllowsLan() const
{
    return std::ranges::any_of(wishes, [](const Wish &wish) { return wish.isGuarded() && wish.allowLan; });
}

bool Change::everPromises(Class which, Promise::Kind kind) const
{
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        if (wishes[i].isGuarded() && promises[i].at(static_cast<std::size_t>(which)).kind == kind)
            return true;
    }
    return false;
}

} // namespace sallyport::model
