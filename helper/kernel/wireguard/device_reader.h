// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/wireguard/port.h"

namespace sallyport::wireguard {

/// Puts the messages of one WG_CMD_GET_DEVICE dump together. A peer that does not fit into one message goes on in the
/// next under the same key.
class DeviceReader {
public:
    /// `attributes` is what follows genlmsghdr.
    void read(netlink::Bytes attributes);
    Device take();

private:
    void readPeer(netlink::Bytes attributes);

    Device m_device;
};

} // namespace sallyport::wireguard
