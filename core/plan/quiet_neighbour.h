// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"

namespace sallyport {

/// Linux answers "who has" for any address of the machine on any card, and so tells everybody on the network which
/// addresses the tunnels have (Mullvad's audit MLLVD-CR-24-03). With arp_ignore 1 a card answers for its own only. For
/// IPv6 the kernel never does otherwise.
/// Cards whose name cannot stand in the path of a setting are left out.
std::vector<Setting> quietNeighbours(const std::vector<Uplink> &uplinks);

/// Whether it is one of those: somebody who asks for more than we do is left alone, and the rest works without.
bool isQuietNeighbour(const Setting &setting);
bool isQuietEnough(const Setting &inForce, const Setting &wanted);

} // namespace sallyport
