// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/mesh_home.h"

#include "core/constants.h"

#include <algorithm>

namespace sallyport::probe {

namespace {

/// The device through which the internet is reached, if that is on.
const Device *exitDevice(const Configuration &configuration, const Intent &intent)
{
    const Exit *exit = intent.exit ? findExit(configuration, intent.exitName) : nullptr;
    const DeviceExit *way = exit ? std::get_if<DeviceExit>(&exit->way) : nullptr;
    return way ? findDevice(*configuration.home, way->device) : nullptr;
}

PathPeer pathPeer(const Device &device, const Intent &intent)
{
    PathPeer peer;
    peer.publicKey = device.publicKey;
    peer.allowedIps = device.addresses;
    peer.allowedIps.insert(peer.allowedIps.end(), device.routes.begin(), device.routes.end());
    std::ranges::sort(peer.allowedIps);
    peer.allowedIps.erase(std::ranges::unique(peer.allowedIps).begin(), peer.allowedIps.end());
    peer.routes = device.routes;
    for (const Candidate &candidate : device.endpoints)
        peer.places.push_back({candidate.endpoint, candidate.scope, candidate.resolved});
    for (const PathPreference &word : intent.paths) {
        if (word.device == device.name)
            peer.preferences.emplace_back(word.address, word.use);
    }
    return peer;
}

} // namespace

std::optional<MeshHome> meshHome(
    const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    const auto link = std::ranges::find(observed.links, QLatin1StringView(kHomeLink), &ObservedLink::name);
    if (!configuration.home || link == observed.links.end() || !link->ours || !link->up || link->listenPort == 0)
        return std::nullopt;
    const Device *exit = exitDevice(configuration, intent);
    if (!intent.home && !exit)
        return std::nullopt;
    MeshHome home;
    for (const Device *device : peersOf(*configuration.home)) {
        if (intent.home || device == exit)
            home.peers.push_back(pathPeer(*device, intent));
    }
    std::ranges::sort(home.peers, {}, &PathPeer::publicKey);
    home.setup.own = link->publicKey;
    home.setup.listenPort = link->listenPort;
    home.setup.interfaceIndex = link->index;
    home.setup.peerCount = static_cast<quint32>(home.peers.size());
    home.setup.addresses = configuration.home->addresses;
    return home;
}

} // namespace sallyport::probe
