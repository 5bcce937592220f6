// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/kernel_wireguard.h"

#include "helper/kernel/wireguard/device_reader.h"
#include "helper/kernel/wireguard/set_messages.h"

#include <cerrno>
#include <linux/genetlink.h>
#include <linux/wireguard.h>

namespace sallyport::wireguard {

using namespace Qt::StringLiterals;
using netlink::Bytes;
using netlink::Message;

Result<quint16> KernelWireGuard::family()
{
    if (m_family != 0)
        return m_family;
    Message request(GENL_ID_CTRL, 0);
    request.append(genlmsghdr{CTRL_CMD_GETFAMILY, 1, 0}).putText(CTRL_ATTR_FAMILY_NAME, QStringLiteral(WG_GENL_NAME));
    const Answer answer = m_socket.ask(request, [&](const nlmsghdr *message) {
        netlink::visitAttributes(
            netlink::attributesAfter<genlmsghdr>(netlink::payloadOf(message)), [&](int type, Bytes value) {
                if (type == CTRL_ATTR_FAMILY_ID)
                    m_family = netlink::valueOf<quint16>(value);
            });
    });
    if (answer.errorNumber == ENOENT || (answer && m_family == 0))
        return Error{Errc::FeatureMissing, u"The kernel has no WireGuard module loaded."_s, {}};
    if (Result<Done> done = answer.toResult(u"Looking for WireGuard in the kernel"_s); !done)
        return done.error();
    return m_family;
}

Result<std::optional<Device>> KernelWireGuard::get(const QString &link)
{
    const Result<quint16> id = family();
    if (!id)
        return id.error();
    Message request(*id, 0);
    request.append(genlmsghdr{WG_CMD_GET_DEVICE, WG_GENL_VERSION, 0}).putText(WGDEVICE_A_IFNAME, link);
    DeviceReader reader;
    const Answer answer = m_socket.dump(
        request, [&] { reader = {}; },
        [&](const nlmsghdr *message) {
            reader.read(netlink::attributesAfter<genlmsghdr>(netlink::payloadOf(message)));
        });
    if (answer.errorNumber == ENODEV)
        return std::optional<Device>{};
    if (Result<Done> done = answer.toResult(u"Reading the WireGuard device "_s + link); !done)
        return done.error();
    return std::optional(reader.take());
}

Result<Done> KernelWireGuard::set(const ConfigureWireGuard &change)
{
    const Result<quint16> id = family();
    if (!id)
        return id.error();
    Result<std::vector<Message>> messages = setMessages(change, m_secrets, *id);
    if (!messages)
        return messages.error();
    for (Message &message : *messages) {
        const Answer answer = m_socket.change(message, netlink::kLinkLimit);
        if (Result<Done> done = answer.toResult(describeSet(change)); !done)
            return done.error();
    }
    return Done{};
}

} // namespace sallyport::wireguard
