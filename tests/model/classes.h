// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/packet.h"
#include "tests/model/path.h"
#include "tests/model/scenario.h"

namespace sallyport::model {

/// Every kind of packet that is told apart.
enum class Class {
    // made here, without a mark
    Internet4,
    Internet6,
    Announced4,
    Announced6,
    Server4, ///< payload to the address of the exit's server
    Lan4,
    ElsewhereLan4, ///< private, and not of the network that we stand on
    Lan6,
    LinkLocal6,
    OnLinkPublic6, ///< a neighbour with a public address
    Mesh4,
    Mesh6,
    Subnet4,
    Subnet6,
    LanDns,
    LanDnsTls,
    PublicDns4,
    PublicDns6,
    PublicDnsTls,
    ExitDns,
    Multicast4,
    Multicast6,
    Container,
    // what joins a network
    Dhcp4,
    DhcpRenewal,
    Dhcp6,
    NeighbourSolicit,
    RouterSolicit,
    ListenerReport,
    // made here, with a mark
    HomeUnderlay4,
    HomeUnderlay6,
    HomeUnderlayOtherPort,
    ExitUnderlay4,
    ExitUnderlay6,
    ExitUnderlayOther,
    ExitUnderlayOtherPort,
    Excluded,
    Control,
    // forwarded
    FromContainer4,
    FromContainer6,
    FromContainerLan,
    FromContainerMesh,
    FromContainerDns,
    FromContainerLanDns,
    FromHomeInternet,
    FromHomeLan,
    FromExitLan,
    FromLanInternet,
    // for us
    InHome,
    InExit,
    InLan,
    InInternet,
    InReply,
    InHomeUnderlay,
    InDhcp,
    InAdvert,
    SpoofedHome,
    SpoofedExit,
};
inline constexpr std::size_t kClasses = static_cast<std::size_t>(Class::SpoofedExit) + 1;

QString nameOf(Class which);

/// One packet for each class; none where the place has no such packet.
using Packets = std::array<std::optional<Packet>, kClasses>;
Packets packetsAt(Place place);

} // namespace sallyport::model
