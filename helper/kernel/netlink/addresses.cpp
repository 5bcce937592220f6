// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/addresses.h"

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/netlink/links.h"

#include <algorithm>
#include <cerrno>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

std::optional<LinkAddress> parseAddress(const nlmsghdr *message)
{
    const Bytes payload = payloadOf(message);
    const auto header = fixedHeader<ifaddrmsg>(payload);
    if (message->nlmsg_type != RTM_NEWADDR || !header)
        return std::nullopt;
    std::optional<IpAddress> local;
    std::optional<IpAddress> address;
    visitAttributes(attributesAfter<ifaddrmsg>(payload), [&](int type, Bytes value) {
        if (type == IFA_LOCAL)
            local = addressOf(value);
        else if (type == IFA_ADDRESS)
            address = addressOf(value);
    });
    // With a peer address, IFA_ADDRESS is the far end; otherwise IPv6 sends only IFA_ADDRESS.
    if (!local)
        local = address;
    if (!local)
        return std::nullopt;
    return LinkAddress{header->ifa_index, {*local, std::min(header->ifa_prefixlen, local->bitLength())}};
}

Message requestFor(int type, int flags, quint32 link, const InterfaceAddress &address)
{
    Message message(type, flags);
    ifaddrmsg header{};
    header.ifa_family = nativeFamily(address.address.family());
    header.ifa_prefixlen = address.length;
    header.ifa_index = link;
    message.append(header);
    message.putAddress(IFA_LOCAL, address.address).putAddress(IFA_ADDRESS, address.address);
    return message;
}

Error noSuchLink(const QString &link, const QString &what)
{
    return systemError(what, ENODEV, link);
}

} // namespace

Result<std::vector<LinkAddress>> Addresses::all()
{
    Message request(RTM_GETADDR, 0);
    request.append(ifaddrmsg{});
    auto addresses = collect<LinkAddress>(m_socket, request, u"Listing the addresses"_s, parseAddress);
    if (addresses)
        std::ranges::sort(*addresses);
    return addresses;
}

Result<Done> Addresses::add(const QString &link, const InterfaceAddress &address)
{
    const QString what = u"Adding the address %1 to %2"_s.arg(address.toString(), link);
    const quint32 index = linkIndex(link);
    if (index == 0)
        return noSuchLink(link, what);
    Message request = requestFor(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, index, address);
    request.put32(IFA_FLAGS, IFA_F_NOPREFIXROUTE | IFA_F_NODAD);
    return m_socket.change(request).toResult(what);
}

Result<Done> Addresses::remove(const QString &link, const InterfaceAddress &address)
{
    const quint32 index = linkIndex(link);
    if (index == 0)
        return Done{};
    Message request = requestFor(RTM_DELADDR, 0, index, address);
    const Answer answer = m_socket.change(request);
    if (answer.errorNumber == EADDRNOTAVAIL || answer.errorNumber == ENODEV || answer.errorNumber == ENXIO)
        return Done{};
    return answer.toResult(u"Deleting the address %1 from %2"_s.arg(address.toString(), link));
}

} // namespace sallyport::netlink
