// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/snapshot_of.h"

#include "core/plan/conflicts.h"
#include "core/plan/dns_words.h"
#include "core/plan/endpoint_choice.h"
#include "core/plan/found.h"
#include "core/plan/guard_words.h"
#include "core/plan/intent_rules.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// WireGuard refuses a session after 180 s (REJECT_AFTER_TIME); a younger handshake is proof of a working path.
constexpr std::chrono::seconds kProofLifetime = 180s;
constexpr std::chrono::milliseconds kPatience = 10s;

const ObservedLink *findLink(const ObservedState &observed, const char *name)
{
    const auto found = std::ranges::find_if(
        observed.links, [&](const ObservedLink &link) { return link.ours && link.name == QLatin1String(name); });
    return found == observed.links.end() ? nullptr : &*found;
}

const ObservedPeer *findPeer(const ObservedLink *link, const PublicKey &key)
{
    if (!link)
        return nullptr;
    const auto found
        = std::ranges::lower_bound(link->peers, key, {}, [](const ObservedPeer &peer) { return peer.peer.publicKey; });
    return found == link->peers.end() || found->peer.publicKey != key ? nullptr : &*found;
}

bool isProved(const PeerActivity &activity)
{
    return activity.handshakeAge && *activity.handshakeAge <= kProofLifetime;
}

PeerPhase peerPhase(const ObservedPeer &peer)
{
    if (isProved(peer.activity))
        return PeerPhase::Up;
    const bool isKeptAlive = peer.peer.persistentKeepalive != 0;
    if (peer.activity.handshakeAge)
        return isKeptAlive ? PeerPhase::Stale : PeerPhase::Idle;
    // Sent something and never got an answer: nobody is there. Sent nothing: nobody asked.
    return peer.activity.sentBytes > 0 && peer.peer.endpoint ? PeerPhase::Down : PeerPhase::Idle;
}

QString candidateSource(const Candidate &candidate)
{
    return candidate.endpoint.isName() ? u"dns"_s : u"manual"_s;
}

QString candidateState(
    const Candidate &candidate, const std::optional<Endpoint> &inUse, const std::vector<Uplink> &uplinks)
{
    Device alone;
    alone.endpoints = {candidate};
    const auto possible = possibleEndpoints(alone);
    if (inUse && std::ranges::find(possible, *inUse, &PossibleEndpoint::endpoint) != possible.end())
        return u"in-use"_s;
    const bool usable = std::ranges::any_of(possible,
        [&](const PossibleEndpoint &each) { return !each.onLan || isOnLink(each.endpoint.address, uplinks); });
    return usable ? u"possible"_s : u"not-here"_s;
}

using Preferences = std::vector<std::pair<HostEndpoint, Preference>>;

/// The configured ones, then those that a person said something about and that were learned.
std::vector<CandidateSnapshot> candidates(const Device &device, const Preferences &preferences,
    const std::optional<Endpoint> &inUse, const std::vector<Uplink> &uplinks)
{
    std::vector<CandidateSnapshot> list;
    for (const Candidate &candidate : device.endpoints) {
        const auto said = std::ranges::find(preferences, candidate.endpoint, &Preferences::value_type::first);
        list.push_back({candidate.endpoint.toString(), candidateSource(candidate),
            candidateState(candidate, inUse, uplinks), said == preferences.end() ? Preference::None : said->second});
    }
    for (const auto &[address, preference] : preferences) {
        if (std::ranges::find(device.endpoints, address, &Candidate::endpoint) != device.endpoints.end())
            continue;
        const Candidate learned{address, EndpointScope::Any, {}};
        list.push_back({address.toString(), u"observed"_s, candidateState(learned, inUse, uplinks), preference});
    }
    return list;
}

PeerSnapshot peerSnapshot(const Device &device, const Preferences &preferences, const ObservedPeer *present,
    const std::vector<Uplink> &uplinks)
{
    PeerSnapshot peer;
    peer.name = device.name;
    peer.publicKey = device.publicKey;
    for (const Prefix &address : device.addresses)
        peer.addresses += address.toString();
    peer.offersExit = device.offersExit;
    peer.phase = present ? peerPhase(*present) : PeerPhase::Down;
    std::optional<Endpoint> endpoint;
    if (present) {
        endpoint = present->peer.endpoint;
        peer.activity = present->activity;
    }
    if (endpoint) {
        peer.endpoint = endpoint->toString();
        peer.via = isOnLink(endpoint->address, uplinks) ? Via::Lan : Via::Public;
    }
    peer.candidates = candidates(device, preferences, endpoint, uplinks);
    return peer;
}

HomeSnapshot homeSnapshot(const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    HomeSnapshot home;
    home.configured = configuration.home.has_value();
    home.enabled = intent.home;
    home.interface = QString::fromLatin1(kHomeLink);
    if (!configuration.home)
        return home;
    home.name = configuration.home->name;
    home.device = configuration.home->device;
    if (!intent.home)
        return home;
    const ObservedLink *link = findLink(observed, kHomeLink);
    home.phase = link && link->up && !link->publicKey.isNull() ? Phase::Up : Phase::Failed;
    if (link) {
        home.backend = link->backend;
        home.publicKey = link->publicKey;
    }
    for (const Device *device : peersOf(*configuration.home))
        home.peers.push_back(peerSnapshot(
            *device, preferencesOf(intent, device->name), findPeer(link, device->publicKey), observed.uplinks));
    return home;
}

std::vector<Family> carriedFamilies(const ObservedState &observed)
{
    std::vector<Family> families;
    for (const Family family : kFamilies) {
        const bool carried = std::ranges::any_of(observed.routes, [&](const Route &route) {
            return route.table == kExitTable && route.family == family && route.kind == Route::Kind::Unicast
                && route.destination == Prefix::everything(family);
        });
        if (carried)
            families.push_back(family);
    }
    return families;
}

Phase exitPhase(const ObservedPeer *peer, std::chrono::milliseconds sinceSwitch)
{
    if (!peer)
        return Phase::Failed;
    if (isProved(peer->activity))
        return Phase::Up;
    if (peer->activity.handshakeAge)
        return Phase::Stale;
    return sinceSwitch < kPatience ? Phase::Starting : Phase::Failed;
}

void describeWay(ExitSnapshot &exit, const Exit &chosen, const Configuration &configuration,
    const ObservedState &observed, std::chrono::milliseconds sinceSwitch)
{
    const auto *provider = std::get_if<ProviderExit>(&chosen.way);
    const auto *device = provider || !configuration.home
        ? nullptr
        : findDevice(*configuration.home, std::get<DeviceExit>(chosen.way).device);
    const char *name = provider ? kExitLink : kHomeLink;
    const ObservedLink *link = findLink(observed, name);
    const ObservedPeer *peer = provider ? findPeer(link, provider->peer.publicKey)
        : device                        ? findPeer(link, device->publicKey)
                                        : nullptr;
    exit.provider = provider ? provider->provider : u"device"_s;
    exit.interface = QString::fromLatin1(name);
    exit.families = carriedFamilies(observed);
    exit.phase = exitPhase(exit.families.empty() ? nullptr : peer, sinceSwitch);
    if (link)
        exit.backend = link->backend;
    if (!peer)
        return;
    exit.activity = peer->activity;
    if (peer->peer.endpoint)
        exit.endpoint = peer->peer.endpoint->toString();
}

ExitSnapshot exitSnapshot(const Configuration &configuration, const Intent &intent, const ObservedState &observed,
    std::chrono::milliseconds sinceSwitch)
{
    ExitSnapshot exit;
    exit.enabled = intent.exit;
    exit.name = intent.exitName;
    for (const Exit &each : configuration.exits)
        exit.available += each.name;
    const Exit *chosen = findExit(configuration, intent.exitName);
    if (intent.exit && chosen)
        describeWay(exit, *chosen, configuration, observed, sinceSwitch);
    else if (intent.exit)
        exit.phase = Phase::Failed;
    return exit;
}

} // namespace

Snapshot snapshotOf(const Configuration &configuration, const Intent &intent, const ObservedState &observed,
    std::chrono::milliseconds sinceSwitch)
{
    const Intent acting = inForce(intent);
    Snapshot snapshot;
    snapshot.home = homeSnapshot(configuration, acting, observed);
    snapshot.exit = exitSnapshot(configuration, acting, observed, sinceSwitch);
    snapshot.exit.enabled = intent.exit;
    snapshot.guard = intent.pausedUntil ? pausedGuard(*intent.pausedUntil)
                                        : guardSnapshot(configuration, acting, observed, snapshot.home, snapshot.exit);
    snapshot.guard.lockdown = intent.lockdown;
    snapshot.conflicts = conflictsOf(configuration, acting, observed);
    for (const Conflict &each : dnsConflicts(configuration, acting, observed))
        snapshot.conflicts.push_back(each);
    snapshot.found = foundOf(observed);
    return snapshot;
}

} // namespace sallyport
