// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/linux_kernel.h"
#include "helper/probe/echo_sender.h"
#include "helper/probe/endpoint_mover.h"
#include "helper/probe/endpoint_trial.h"
#include "helper/probe/home_peers.h"
#include "helper/probe/kernel_paths.h"
#include "helper/probe/mesh_desk.h"
#include "helper/probe/packet_carrier.h"
#include "helper/probe/pin_rules.h"

namespace sallyport::probe {

/// Everything that works for meshd, put together around one kernel.
class MeshRoom {
public:
    MeshRoom(LinuxKernel &kernel, const Secrets &secrets);

    /// Refused where the kernel has no nftables: then endpoints move less gently.
    Result<Done> start() { return m_mover.start(); }
    MeshLink &link() { return m_link; }
    MeshDesk &desk() { return m_desk; }

private:
    Result<std::vector<PeerStats>> stats();
    MeshPorts ports();

    LinuxKernel &m_kernel;
    HomePeers m_peers;
    PinRules m_pins;
    KernelPaths m_paths;
    PacketCarrier m_carriers;
    EchoSender m_echo;
    TrafficMemory m_memory;
    EndpointMover m_mover;
    EndpointTrial m_trial;
    MeshLink m_link;
    ProbeSocket m_probes;
    ActivityWatch m_activity;
    MeshDesk m_desk;
};

} // namespace sallyport::probe
