// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/attestation.h"

#include "core/path/address_kind.h"
#include "core/path/plausibility.h"

#include <algorithm>

namespace sallyport {

namespace {

/// Our own address on a network that the asked address is on, too.
bool isOurAddressBeside(const IpAddress &seen, const Endpoint &asked, const Whereabouts &where)
{
    return std::ranges::any_of(where.networks, [&](const PathNetwork &network) {
        const bool isOurs
            = std::ranges::find(network.addresses, seen, &InterfaceAddress::address) != network.addresses.end();
        const bool isScoped = asked.scopeId != 0 && asked.scopeId != network.interfaceIndex;
        return isOurs && !isScoped && isOn(asked.address, network);
    });
}

} // namespace

PathKind provedBy(const Pong &pong, const AskedPath &asked, const Whereabouts &where)
{
    const bool isUnchanged = pong.receivedAt == asked.endpoint.address && where.isOwn(pong.seenFrom.address);
    if (isUnchanged && isOurAddressBeside(pong.seenFrom.address, asked.endpoint, where))
        return PathKind::SameLink;
    if (isLocal(asked.endpoint, asked.scope))
        return isUnchanged ? PathKind::Routed : PathKind::Relayed;
    // Seen to come from a local address: a host beside the peer has passed it on. (It may look like ours, as many networks
    // have the same numbers.)
    if (kindOf(pong.seenFrom.address) != AddressKind::Global && !isUnchanged)
        return PathKind::Relayed;
    if (isUnchanged && asked.endpoint.address.family() == Family::IPv6)
        return PathKind::Global6;
    return asked.isObserved ? PathKind::Punched : PathKind::Mapped;
}

} // namespace sallyport
