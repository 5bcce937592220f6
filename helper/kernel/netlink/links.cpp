// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/links.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"

#include <cerrno>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

extern "C" unsigned int if_nametoindex(const char *name) noexcept; // <net/if.h> clashes with <linux/if.h>

namespace sallyport::netlink {

using namespace Qt::StringLiterals;

namespace {

void readLinkInfo(Bytes value, Link &link)
{
    visitAttributes(value, [&](int type, Bytes detail) {
        if (type == IFLA_INFO_KIND)
            link.kind = textOf(detail);
        else if (type == IFLA_INFO_SLAVE_KIND)
            link.masterKind = textOf(detail);
    });
}

void readAttribute(int type, Bytes value, Link &link)
{
    switch (type) {
    case IFLA_IFNAME:
        link.name = textOf(value);
        break;
    case IFLA_GROUP:
        link.group = valueOf<quint32>(value);
        break;
    case IFLA_MTU:
        link.mtu = valueOf<quint32>(value);
        break;
    case IFLA_MASTER:
        link.master = valueOf<quint32>(value);
        break;
    case IFLA_LINKINFO:
        readLinkInfo(value, link);
        break;
    default: // not an enumeration: an attribute of no interest
        break;
    }
}

/// A message about the link `name`, which is not created by it.
Message changeOf(const QString &name, const ifinfomsg &header)
{
    Message message(RTM_NEWLINK, 0);
    message.append(header).putText(IFLA_IFNAME, name);
    return message;
}

} // namespace

LinkNames namesOf(const std::vector<Link> &links)
{
    LinkNames names;
    for (const Link &link : links)
        names.emplace(link.index, link.name);
    return names;
}

quint32 linkIndex(const QString &name)
{
    const QByteArray text = name.toUtf8();
    return if_nametoindex(text.constData());
}

Error nameTaken(const QString &name)
{
    return {Errc::NameTaken,
        u"The interface name %1 belongs to somebody else; rename or remove that interface (ip link delete %1)."_s.arg(
            name),
        {}};
}

std::optional<Link> parseLink(const nlmsghdr *message)
{
    const Bytes payload = payloadOf(message);
    const auto header = fixedHeader<ifinfomsg>(payload);
    if (message->nlmsg_type != RTM_NEWLINK || !header)
        return std::nullopt;
    Link link;
    link.index = static_cast<quint32>(header->ifi_index);
    link.flags = header->ifi_flags;
    visitAttributes(
        attributesAfter<ifinfomsg>(payload), [&](int type, Bytes value) { readAttribute(type, value, link); });
    return link;
}

Result<std::vector<Link>> Links::all()
{
    Message request(RTM_GETLINK, 0);
    request.append(ifinfomsg{}).put32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return collect<Link>(m_socket, request, u"Listing the interfaces"_s, parseLink);
}

Result<std::optional<Link>> Links::find(const QString &name)
{
    Message request(RTM_GETLINK, 0);
    request.append(ifinfomsg{}).put32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).putText(IFLA_IFNAME, name);
    std::optional<Link> found;
    const Answer answer = m_socket.ask(request, [&](const nlmsghdr *message) { found = parseLink(message); });
    if (answer.errorNumber == ENODEV)
        return std::optional<Link>{};
    if (Result<Done> done = answer.toResult(u"Looking for the interface "_s + name); !done)
        return done.error();
    return found;
}

Answer Links::createWireGuard(const QString &name)
{
    Message request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    request.append(ifinfomsg{}).putText(IFLA_IFNAME, name).put32(IFLA_GROUP, kLinkGroup);
    nlattr *info = request.beginNest(IFLA_LINKINFO);
    request.putText(IFLA_INFO_KIND, u"wireguard"_s);
    request.endNest(info);
    return m_socket.change(request, kLinkLimit);
}

Result<Done> Links::adopt(const QString &name)
{
    Message request = changeOf(name, {});
    request.put32(IFLA_GROUP, kLinkGroup);
    nlattr *families = request.beginNest(IFLA_AF_SPEC);
    nlattr *ipv6 = request.beginNest(AF_INET6);
    request.put8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    request.endNest(ipv6);
    request.endNest(families);
    Answer answer = m_socket.change(request);
    if (answer.errorNumber == EAFNOSUPPORT) { // a kernel without IPv6
        Message groupOnly = changeOf(name, {});
        groupOnly.put32(IFLA_GROUP, kLinkGroup);
        answer = m_socket.change(groupOnly);
    }
    return answer.toResult(u"Marking the interface %1 as ours"_s.arg(name));
}

Result<Done> Links::remove(const Link &link)
{
    Message request(RTM_DELLINK, 0);
    ifinfomsg header{};
    // Without an index or a name the kernel would delete a whole group.
    header.ifi_index = static_cast<int>(link.index);
    request.append(header);
    Answer answer = m_socket.change(request, kLinkLimit);
    if (answer.errorNumber == ENODEV)
        return Done{};
    return answer.toResult(u"Deleting the interface "_s + link.name);
}

Result<Done> Links::setUp(const QString &name)
{
    ifinfomsg header{};
    header.ifi_flags = IFF_UP;
    header.ifi_change = IFF_UP;
    Message request = changeOf(name, header);
    return m_socket.change(request, kLinkLimit).toResult(u"Bringing up the interface "_s + name);
}

Result<Done> Links::setMtu(const QString &name, quint32 mtu)
{
    Message request = changeOf(name, {});
    request.put32(IFLA_MTU, mtu);
    return m_socket.change(request).toResult(u"Setting the MTU of %1 to %2"_s.arg(name).arg(mtu));
}

} // namespace sallyport::netlink
