// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/phone_state.h"

#include <algorithm>

namespace sallyport {

PhoneState phoneStateOf(const PendingPhone &phone, const Snapshot &snapshot, std::chrono::sys_seconds now)
{
    const auto peer = std::ranges::find(snapshot.home.peers, phone.publicKey, &PeerSnapshot::publicKey);
    if (peer != snapshot.home.peers.end() && peer->activity.handshakeAge)
        return PhoneState::Joined;
    // A clock that was set back would keep a code alive for years.
    if (now >= phone.expires || phone.expires - now > kPhonePatience)
        return PhoneState::Expired;
    return peer == snapshot.home.peers.end() ? PhoneState::Unknown : PhoneState::Waiting;
}

} // namespace sallyport
