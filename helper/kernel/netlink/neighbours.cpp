// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/neighbours.h"

#include "helper/kernel/netlink/attributes.h"

#include <cerrno>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

struct Neighbour {
    ndmsg header{};
    IpAddress address;
};

std::optional<Neighbour> parseUnresolved(const nlmsghdr *message)
{
    const Bytes payload = payloadOf(message);
    const auto header = fixedHeader<ndmsg>(payload);
    if (message->nlmsg_type != RTM_NEWNEIGH || !header || (header->ndm_state & NUD_INCOMPLETE) == 0)
        return std::nullopt;
    std::optional<IpAddress> address;
    visitAttributes(attributesAfter<ndmsg>(payload), [&](int type, Bytes value) {
        if (type == NDA_DST)
            address = addressOf(value);
    });
    if (!address)
        return std::nullopt;
    return Neighbour{*header, *address};
}

/// It may have answered, given up or lost its link meanwhile.
bool saysGone(int errorNumber)
{
    return errorNumber == ENOENT || errorNumber == ENODEV || errorNumber == ENXIO;
}

} // namespace

Result<Done> Neighbours::forgetUnresolved()
{
    const QString what = u"Dropping packets that wait for an answer of the network"_s;
    Message request(RTM_GETNEIGH, 0);
    request.append(ndmsg{});
    const auto unresolved = collect<Neighbour>(m_socket, request, what, parseUnresolved);
    if (!unresolved)
        return unresolved.error();
    for (const Neighbour &neighbour : *unresolved) {
        ndmsg header{};
        header.ndm_family = neighbour.header.ndm_family;
        header.ndm_ifindex = neighbour.header.ndm_ifindex;
        Message removal(RTM_DELNEIGH, 0);
        removal.append(header).putAddress(NDA_DST, neighbour.address);
        const Answer answer = m_socket.change(removal);
        if (answer.errorNumber != 0 && !saysGone(answer.errorNumber))
            return answer.toResult(what);
    }
    return Done{};
}

} // namespace sallyport::netlink
