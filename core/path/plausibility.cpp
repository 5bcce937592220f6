// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/plausibility.h"

#include "core/path/address_kind.h"

namespace sallyport {

bool isLocal(const Endpoint &endpoint, EndpointScope scope)
{
    const AddressKind kind = kindOf(endpoint.address);
    return kind == AddressKind::LinkLocal || scope == EndpointScope::Lan
        || (kind == AddressKind::Local && scope != EndpointScope::Public);
}

Plausibility plausibilityOf(
    const Endpoint &endpoint, EndpointScope scope, const Whereabouts &where, bool isProved, bool mayLook)
{
    if (endpoint.port == 0 || kindOf(endpoint.address) == AddressKind::Never || where.mesh.contains(endpoint.address))
        return Plausibility::Never;
    if (where.isOwn(endpoint.address) || where.isBroadcast(endpoint.address) || !where.wayTo(endpoint))
        return Plausibility::NotHere;
    if (!isLocal(endpoint, scope) || isProved || where.connectedTo(endpoint))
        return Plausibility::Yes;
    // What a person calls local is not looked for elsewhere if it is somebody's public address.
    return kindOf(endpoint.address) == AddressKind::Global || !mayLook ? Plausibility::NotHere
                                                                       : Plausibility::FirstLook;
}

} // namespace sallyport
