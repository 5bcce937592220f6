// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"

namespace sallyport {

/// What may pass the guard beside what always may: loopback, what joins a network (DHCP, neighbours, multicast
/// listeners), packets into our own tunnels, and what stays on this machine.
struct GuardFacts {
    std::optional<Endpoint> server; ///< of the provider that is on: our encrypted packets may reach it
    bool homeCarries = false; ///< sally-home is there: its encrypted packets may go anywhere, it roams
    quint16 homePort = 0; ///< from which they come; 0: the kernel chose one
    bool allowLan = true; ///< the private networks that the uplinks stand on
    bool networkDns = false; ///< names may be asked of a resolver on these networks, in clear
    Surroundings around; ///< empty: none known yet, as at boot

    bool operator==(const GuardFacts &) const = default;
};

/// The table `inet sallyport_guard`, present while Exit or lockdown is wanted. It does not rely on rules or routes: a
/// packet passes by the link it leaves through and the mark it carries (order: plumbing.md section 6.3). Refuses with an
/// answer, so that programs do not hang (mullvad#6523); every last word counts.
Table guardTable(const GuardFacts &facts);

/// The same for `nft -f` in one transaction, whatever is there before.
QByteArray bootGuardText(const GuardFacts &facts);

} // namespace sallyport
