// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/address_kind.h"

#include "core/net/prefix.h"

#include <algorithm>

namespace sallyport {

namespace {

bool isNobodys(const IpAddress &address)
{
    const auto bytes = address.bytes();
    if (address.isUnspecified() || address.isLoopback() || address.isMulticast())
        return true;
    if (address.family() == Family::IPv4)
        return bytes[0] == 0 || bytes[0] >= 240;
    // ::ffff:0:0/96 and ::/96 (RFC 4291 section 2.5.5): the stack would send IPv4.
    const auto isZero = [](quint8 byte) { return byte == 0; };
    return std::ranges::all_of(bytes.first(10), isZero);
}

bool isCarriers(const IpAddress &address)
{
    return address.family() == Family::IPv4 && address.bytes()[0] == 100 && (address.bytes()[1] & 0xc0) == 64;
}

} // namespace

AddressKind kindOf(const IpAddress &address)
{
    if (isNobodys(address))
        return AddressKind::Never;
    if (address.isLinkLocal())
        return AddressKind::LinkLocal;
    return isPrivate(Prefix::host(address)) || isCarriers(address) ? AddressKind::Local : AddressKind::Global;
}

} // namespace sallyport
