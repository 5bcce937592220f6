// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"
#include "core/ports/secrets.h"
#include "helper/kernel/netlink/message.h"

namespace sallyport::wireguard {

/// About a hundred peers: well below the 64 KiB that one nested attribute can hold, and answered quickly even by slow
/// machines.
inline constexpr std::size_t kSetRoom = 16 * 1024;

/// The WG_CMD_SET_DEVICE requests for one change, each at most `room` bytes. Only the first carries keys, port, mark
/// and WGDEVICE_F_REPLACE_PEERS. A peer whose allowed IPs do not fit goes on in the next message under the same public
/// key, with WGPEER_F_UPDATE_ONLY and without WGPEER_F_REPLACE_ALLOWEDIPS.
Result<std::vector<netlink::Message>> setMessages(
    const ConfigureWireGuard &change, const Secrets &secrets, quint16 genericFamily, std::size_t room = kSetRoom);

} // namespace sallyport::wireguard
