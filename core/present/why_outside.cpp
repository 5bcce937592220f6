// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/present/why_walk.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// Private, and no router in between.
bool isNextDoor(const Walk &walk)
{
    const RouteFact &route = walk.facts.route;
    return route.kind == RouteFact::Kind::Sent && !route.gateway && !walk.leavesBy(kHomeLink)
        && !walk.leavesBy(kExitLink) && isPrivate(Prefix::host(*walk.facts.address));
}

bool leavesByExit(const Walk &walk)
{
    const bool isDevice = walk.facts.snapshot.exit.provider == u"device";
    return walk.leavesBy(kExitLink) || (isDevice && walk.leavesBy(kHomeLink));
}

QString otherExit()
{
    return u"Choose another exit with `sally exit use NAME`, or switch Exit off with `sally exit off`."_s;
}

bool walkExit(Walk &walk)
{
    const Snapshot &snapshot = walk.facts.snapshot;
    const QString name = snapshot.exit.name;
    if (!snapshot.exit.enabled && snapshot.guard.state == GuardState::Lockdown) {
        walk.bad(u"exit"_s, u"Exit is off and lockdown is on, so nothing goes out to the internet."_s,
            u"Switch Exit on: `sally exit on`."_s);
        return false;
    }
    if (!snapshot.exit.enabled) {
        walk.good(u"exit"_s, u"Exit is off: packets go out by the network as it is."_s);
        return true;
    }
    if (snapshot.exit.phase == Phase::Up) {
        walk.good(u"exit"_s, u"Exit is on, and %1 answers."_s.arg(name));
        return true;
    }
    const QString state = snapshot.exit.phase == Phase::Starting ? u"has not answered yet"_s : u"does not answer"_s;
    walk.bad(u"exit"_s, u"Exit is on, but %1 %2; the guard lets nothing past it."_s.arg(name, state), otherExit());
    return false;
}

bool carries(const ExitSnapshot &exit, Family family)
{
    return std::ranges::find(exit.families, family) != exit.families.end();
}

void walkRefused(Walk &walk)
{
    const ExitSnapshot &exit = walk.facts.snapshot.exit;
    const Family family = walk.facts.address->family();
    const QString word = family == Family::IPv4 ? u"IPv4"_s : u"IPv6"_s;
    if (exit.enabled && !carries(exit, family))
        return walk.bad(u"route"_s,
            u"%1 is an %2 address, and %3 does not carry %2."_s.arg(walk.address(), word, exit.name),
            u"Use an exit that carries %1: `sally exit use NAME`."_s.arg(word));
    walk.bad(u"route"_s, u"The kernel has no way to %1: %2."_s.arg(walk.address(), walk.facts.route.obstacle),
        exit.enabled ? walk.adviceOr(otherExit()) : u"Connect this machine to a network that leads to the internet."_s);
}

bool walkRoute(Walk &walk)
{
    if (walk.facts.route.kind != RouteFact::Kind::Sent) {
        walkRefused(walk);
        return false;
    }
    const bool isPast = walk.facts.snapshot.exit.enabled && !leavesByExit(walk);
    const QString sentence = u"The kernel sends to %1 through %2"_s.arg(walk.address(), walk.wayOut());
    if (!isPast) {
        walk.good(u"route"_s, sentence + u'.');
        return true;
    }
    walk.bad(u"route"_s, sentence + u", past %1."_s.arg(walk.facts.snapshot.exit.name),
        walk.adviceOr(u"Leave out or stop whoever takes the way out; `sally doctor` lists them."_s));
    return false;
}

QString silentAdvice(const Walk &walk)
{
    return walk.facts.snapshot.exit.enabled
        ? u"Try another host; if that one answers, %1 itself is away, otherwise use another exit."_s.arg(
            walk.facts.host)
        : u"Try another host; if that one answers, %1 itself is away, otherwise look at the network."_s.arg(
            walk.facts.host);
}

} // namespace

void walkOutside(Walk &walk)
{
    if (isNextDoor(walk)) {
        walk.good(u"route"_s,
            u"%1 is on the network of %2, so neither Home nor Exit carries it."_s.arg(
                walk.address(), walk.facts.route.interface));
        return walkFarSide(walk, u"Check that %1 is switched on and on the same network."_s.arg(walk.address()));
    }
    if (walkExit(walk) && walkRoute(walk))
        walkFarSide(walk, silentAdvice(walk));
}

} // namespace sallyport
