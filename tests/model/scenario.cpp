// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/scenario.h"

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kExitNames = {"off", "se", "no", "four", "six", "vps", "nas", "broken"};
constexpr std::array kPlaceNames = {"hotel", "mobile", "cafe", "at-home", "nowhere"};

QString nameOf(ChosenExit exit)
{
    return QString::fromLatin1(kExitNames.at(static_cast<std::size_t>(exit)));
}

QString nameOf(Place place)
{
    return QString::fromLatin1(kPlaceNames.at(static_cast<std::size_t>(place)));
}

InterfaceAddress own(QStringView text)
{
    return *InterfaceAddress::parse(text);
}

Candidate candidate(QStringView endpoint, EndpointScope scope = EndpointScope::Any)
{
    return {*HostEndpoint::parse(endpoint), scope, {}};
}

Device device(const QString &name, QStringView address4, QStringView address6, std::vector<Candidate> endpoints)
{
    Device value;
    value.name = name;
    value.addresses = {*Prefix::parse(address4), *Prefix::parse(address6)};
    value.publicKey = publicKeyOf(u"peer/"_s + name);
    value.endpoints = std::move(endpoints);
    return value;
}

Exit provider(ChosenExit exit, const QString &host, const std::vector<QStringView> &resolved,
    std::vector<InterfaceAddress> addresses)
{
    ProviderExit way;
    way.provider = u"mullvad"_s;
    way.addresses = std::move(addresses);
    way.peer.publicKey = publicKeyOf(u"server/"_s + nameOf(exit));
    way.peer.endpoint = {host, 51820};
    for (const QStringView text : resolved)
        way.peer.resolved.push_back(address(text));
    way.dns = {address(at::kExitResolver)};
    return {nameOf(exit), way};
}

Home home()
{
    Home value;
    value.name = u"wgnet"_s;
    value.device = u"laptop"_s;
    value.addresses = {own(u"10.42.1.2/16"), own(u"fd42::2/64")};
    value.listenPort = kHomePort;
    value.devices = {
        device(u"vps"_s, u"10.42.1.3", u"fd42::3",
            {candidate(u"98.76.65.43:53333"), candidate(u"[2001:db8:98::43]:53333")}),
        device(u"nas"_s, u"10.42.1.4", u"fd42::4",
            {candidate(u"10.41.1.4:53333", EndpointScope::Lan), candidate(u"123.45.67.89:54445"),
                candidate(u"[2001:db8:123::89]:54445")}),
    };
    value.devices[1].routes = {*Prefix::parse(u"10.41.0.0/16"), *Prefix::parse(u"fd41::/64")};
    value.devices[1].hasPresharedKey = true;
    return value;
}

Configuration configuration()
{
    Configuration value;
    value.home = home();
    value.exits = {
        provider(ChosenExit::Se, u"se.example.net"_s, {at::kServer4, at::kServer6},
            {own(u"10.64.3.7/32"), own(u"fc00:bbbb::7/128")}),
        provider(ChosenExit::No, u"no.example.net"_s, {u"198.51.100.8", u"2001:db8:7::8"},
            {own(u"10.65.3.8/32"), own(u"fc00:cccc::8/128")}),
        provider(ChosenExit::Four, u"198.51.100.9"_s, {}, {own(u"10.66.0.9/24")}),
        provider(ChosenExit::Six, u"2001:db8:7::10"_s, {}, {own(u"fc00:dddd::10/64")}),
        {nameOf(ChosenExit::Vps), DeviceExit{u"vps"_s}},
        {nameOf(ChosenExit::Nas), DeviceExit{u"nas"_s}},
        provider(ChosenExit::Broken, u"198.51.100.11"_s, {}, {own(u"10.67.0.11/32")}),
    };
    return value;
}

KnownSecrets secrets(const Configuration &of)
{
    KnownSecrets known;
    for (const QString &name : secretNames(of)) {
        if (name != exitSecretName(nameOf(ChosenExit::Broken)))
            known.emplace(name, KnownSecret{publicKeyOf(name), digestOf(name)});
    }
    return known;
}

Route outside(QStringView destination)
{
    Route route;
    route.destination = *Prefix::parse(destination);
    route.family = route.destination.family();
    route.table = kMainTable;
    route.device = u"eth0"_s;
    return route;
}

const GroundLink kBridge = {u"docker0"_s, false, {own(u"172.17.0.1/16"), own(u"fd17::1/64")}};

Ground ground(Place place, const std::vector<QStringView> &addresses)
{
    Ground value;
    value.label = nameOf(place);
    value.links = {kBridge};
    if (addresses.empty())
        return value;
    GroundLink link{u"eth0"_s, true, {}};
    std::array<bool, 2> has{};
    for (const QStringView text : addresses) {
        link.addresses.push_back(own(text));
        has.at(static_cast<std::size_t>(link.addresses.back().address.family())) |= !own(text).address.isLinkLocal();
    }
    value.links.push_back(std::move(link));
    if (has[0])
        value.routes.insert(value.routes.end(), {outside(u"0.0.0.0/0"), outside(at::kAnnounced4)});
    if (has[1])
        value.routes.insert(value.routes.end(), {outside(u"::/0"), outside(u"2001:db8:66::/64")});
    return value;
}

} // namespace

IpAddress address(QStringView text)
{
    return *IpAddress::parse(text);
}

QString Wish::toString() const
{
    return u"home %1, exit %2, lockdown %3, LAN %4, %5"_s.arg(home ? u"on"_s : u"off"_s, nameOf(exit))
        .arg(lockdown ? u"on"_s : u"off"_s, allowLan ? u"on"_s : u"off"_s)
        .arg(nameOf(place));
}

std::vector<Wish> allWishes()
{
    std::vector<Wish> wishes;
    for (const Place place : kPlaces) {
        for (const ChosenExit exit : kExits) {
            for (const unsigned bits : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U})
                wishes.push_back({(bits & 1U) != 0, exit, (bits & 2U) != 0, (bits & 4U) != 0, place});
        }
    }
    return wishes;
}

const Ground &groundOf(Place place)
{
    static const std::array grounds = {
        ground(Place::Hotel, {u"192.168.7.20/24", u"fe80::20/64"}),
        ground(Place::Mobile, {u"2001:db8:55::20/64", u"fe80::20/64"}),
        ground(Place::Cafe, {u"192.168.9.20/24", u"2001:db8:9::20/64", u"fd99::20/64", u"fe80::20/64"}),
        ground(Place::AtHome, {u"10.41.1.2/16", u"2001:db8:41::20/64", u"fe80::20/64"}),
        ground(Place::Nowhere, {}),
    };
    return grounds.at(static_cast<std::size_t>(place));
}

DesiredState desiredFor(const Wish &wish)
{
    Configuration wanted = configuration();
    wanted.policy.allowLan = wish.allowLan;
    const Machine machine(groundOf(wish.place), std::make_shared<ReadTables>());
    const Intent intent{wish.home, wish.exit != ChosenExit::Off,
        wish.exit == ChosenExit::Off ? QString() : nameOf(wish.exit), wish.lockdown};
    return desiredStateOf(wanted, intent, machine.observe(), secrets(wanted));
}

} // namespace sallyport::model
