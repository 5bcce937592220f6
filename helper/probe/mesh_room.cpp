// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/mesh_room.h"

#include "core/constants.h"

#include <ctime>

namespace sallyport::probe {

namespace {

QString homeLink()
{
    return QString::fromLatin1(kHomeLink);
}

/// Runs on while the machine sleeps.
PathTime now()
{
    timespec time{};
    clock_gettime(CLOCK_BOOTTIME, &time);
    return PathTime(std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

} // namespace

MeshRoom::MeshRoom(LinuxKernel &kernel, const Secrets &secrets)
    : m_kernel(kernel), m_peers(kernel.wireGuardPorts(), homeLink()), m_pins(kernel.tables()), m_echo(homeLink()),
      m_mover({m_peers, m_pins, m_paths, m_carriers}), m_trial(m_peers, m_echo, m_memory, now),
      m_desk({m_link, m_probes, m_activity, secrets}, ports())
{
}

MeshPorts MeshRoom::ports()
{
    return {[this] { return stats(); },
        [this](const meshlink::MoveEndpoint &request, std::function<void(const meshlink::Moved &)> moved) {
            m_mover.move(request, std::move(moved));
        },
        [this](const meshlink::TryEndpoint &request, std::function<void(const meshlink::Tried &)> tried) {
            if (m_mover.isMoving(request.peer)) // then it is neither idle nor dead
                return tried({request.request, false, {}});
            m_trial.tryOut(request, std::move(tried));
        }};
}

Result<std::vector<PeerStats>> MeshRoom::stats()
{
    const auto device = m_kernel.wireGuard(homeLink());
    if (!device)
        return device.error();
    std::vector<PeerStats> all;
    if (!*device)
        return all;
    const PathTime time = now();
    for (const ObservedPeer &each : (*device)->peers) {
        const PeerActivity &activity = each.activity;
        all.push_back({each.peer.publicKey, each.peer.endpoint, activity.receivedBytes, activity.sentBytes,
            activity.handshakeAge});
        m_memory.note(all.back(), time);
    }
    return all;
}

} // namespace sallyport::probe
