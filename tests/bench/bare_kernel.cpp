// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/bare_kernel.h"

#include "core/constants.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <linux/fib_rules.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/wireguard.h>
#include <net/if.h>
#include <netinet/in.h>
#include <nftables/libnftables.h>

namespace sallyport::bench {

using namespace Qt::StringLiterals;

namespace {

std::uint8_t native(Family family)
{
    return family == Family::IPv4 ? AF_INET : AF_INET6;
}

void putEndpoint(Request &request, const Endpoint &endpoint)
{
    if (endpoint.address.family() == Family::IPv4) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        std::memcpy(&address.sin_addr, endpoint.address.bytes().data(), 4);
        request.put(WGPEER_A_ENDPOINT, bytesOf(address));
        return;
    }
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(endpoint.port);
    std::memcpy(&address.sin6_addr, endpoint.address.bytes().data(), 16);
    request.put(WGPEER_A_ENDPOINT, bytesOf(address));
}

void putAllowedIps(Request &request, const std::vector<Prefix> &prefixes)
{
    const std::size_t list = request.begin(WGPEER_A_ALLOWEDIPS);
    for (const Prefix &prefix : prefixes) {
        const std::size_t item = request.begin(0);
        request.put16(WGALLOWEDIP_A_FAMILY, native(prefix.family()));
        request.put(WGALLOWEDIP_A_IPADDR, prefix.address().bytes());
        request.put8(WGALLOWEDIP_A_CIDR_MASK, prefix.length());
        request.end(item);
    }
    request.end(list);
}

quint32 flagsOf(const PeerChange &peer)
{
    quint32 flags = 0;
    flags |= peer.remove ? quint32(WGPEER_F_REMOVE_ME) : 0;
    flags |= peer.updateOnly ? quint32(WGPEER_F_UPDATE_ONLY) : 0;
    flags |= peer.allowedIps ? quint32(WGPEER_F_REPLACE_ALLOWEDIPS) : 0;
    return flags;
}

void putPeer(Request &request, const PeerChange &peer)
{
    const std::size_t item = request.begin(0);
    request.put(WGPEER_A_PUBLIC_KEY, peer.publicKey.bytes);
    request.put32(WGPEER_A_FLAGS, flagsOf(peer));
    if (peer.endpoint)
        putEndpoint(request, *peer.endpoint);
    if (peer.persistentKeepalive)
        request.put16(WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, *peer.persistentKeepalive);
    if (peer.allowedIps)
        putAllowedIps(request, *peer.allowedIps);
    request.end(item);
}

QString settingFile(const QString &path)
{
    return u"/proc/sys/net/"_s + path;
}

} // namespace

BareKernel::BareKernel(std::map<QString, SecretKey> keys)
    : m_keys(std::move(keys)), m_route(NETLINK_ROUTE), m_generic(NETLINK_GENERIC), m_nft(nft_ctx_new(0))
{
    Request request(GENL_ID_CTRL, 0, bytesOf(genlmsghdr{CTRL_CMD_GETFAMILY, 1, 0}));
    request.putText(CTRL_ATTR_FAMILY_NAME, WG_GENL_NAME);
    m_wireguard = m_generic.ask16(request, CTRL_ATTR_FAMILY_ID);
    nft_ctx_buffer_error(m_nft);
}

BareKernel::~BareKernel()
{
    nft_ctx_free(m_nft);
}

int BareKernel::createLink(const char *name)
{
    Request request(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, bytesOf(ifinfomsg{}));
    request.putText(IFLA_IFNAME, name);
    request.put32(IFLA_GROUP, kLinkGroup);
    const std::size_t info = request.begin(IFLA_LINKINFO);
    request.putText(IFLA_INFO_KIND, "wireguard");
    request.end(info);
    return m_route.change(request);
}

int BareKernel::deleteLink(const char *name)
{
    Request request(RTM_DELLINK, NLM_F_ACK, bytesOf(ifinfomsg{}));
    request.putText(IFLA_IFNAME, name);
    return m_route.change(request);
}

int BareKernel::setUp(const char *name)
{
    ifinfomsg header{};
    header.ifi_flags = IFF_UP;
    header.ifi_change = IFF_UP;
    Request request(RTM_NEWLINK, NLM_F_ACK, bytesOf(header));
    request.putText(IFLA_IFNAME, name);
    return m_route.change(request);
}

int BareKernel::setMtu(const char *name, quint32 mtu)
{
    Request request(RTM_NEWLINK, NLM_F_ACK, bytesOf(ifinfomsg{}));
    request.putText(IFLA_IFNAME, name);
    request.put32(IFLA_MTU, mtu);
    return m_route.change(request);
}

int BareKernel::configure(const ConfigureWireGuard &change)
{
    Request request(m_wireguard, NLM_F_ACK, bytesOf(genlmsghdr{WG_CMD_SET_DEVICE, WG_GENL_VERSION, 0}));
    request.putText(WGDEVICE_A_IFNAME, change.link.toLatin1().constData());
    if (change.replacePeers)
        request.put32(WGDEVICE_A_FLAGS, WGDEVICE_F_REPLACE_PEERS);
    if (change.privateKeyName)
        request.put(WGDEVICE_A_PRIVATE_KEY, m_keys.at(*change.privateKeyName).bytes());
    if (change.listenPort)
        request.put16(WGDEVICE_A_LISTEN_PORT, *change.listenPort);
    if (change.mark)
        request.put32(WGDEVICE_A_FWMARK, *change.mark);
    const std::size_t peers = request.begin(WGDEVICE_A_PEERS);
    for (const PeerChange &peer : change.peers)
        putPeer(request, peer);
    request.end(peers);
    return m_generic.change(request);
}

int BareKernel::changeAddress(std::uint16_t type, const QString &link, const InterfaceAddress &address)
{
    ifaddrmsg header{};
    header.ifa_family = native(address.address.family());
    header.ifa_prefixlen = address.length;
    header.ifa_index = if_nametoindex(link.toLatin1().constData());
    Request request(type, type == RTM_NEWADDR ? NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE : NLM_F_ACK, bytesOf(header));
    request.put(IFA_LOCAL, address.address.bytes());
    request.put(IFA_ADDRESS, address.address.bytes());
    request.put32(IFA_FLAGS, IFA_F_NOPREFIXROUTE | IFA_F_NODAD);
    return m_route.change(request);
}

int BareKernel::changeRoute(std::uint16_t type, std::uint16_t flags, const Route &route)
{
    const bool unicast = route.kind == Route::Kind::Unicast;
    rtmsg header{};
    header.rtm_family = native(route.family);
    header.rtm_dst_len = route.destination.length();
    header.rtm_protocol = kRouteProtocol;
    header.rtm_scope = unicast && route.family == Family::IPv4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    header.rtm_type = unicast ? RTN_UNICAST : route.kind == Route::Kind::Throw ? RTN_THROW : RTN_UNREACHABLE;
    Request request(type, NLM_F_ACK | flags, bytesOf(header));
    request.put32(RTA_TABLE, route.table);
    if (route.destination.length() > 0)
        request.put(RTA_DST, route.destination.address().bytes());
    if (route.metric != 0)
        request.put32(RTA_PRIORITY, route.metric);
    if (unicast)
        request.put32(RTA_OIF, if_nametoindex(route.device.toLatin1().constData()));
    if (route.source)
        request.put(RTA_PREFSRC, route.source->bytes());
    return m_route.change(request);
}

int BareKernel::changeRule(std::uint16_t type, std::uint16_t flags, const Rule &rule)
{
    fib_rule_hdr header{};
    header.family = native(rule.family);
    header.action = rule.action == Rule::Action::Lookup ? FR_ACT_TO_TBL : FR_ACT_UNREACHABLE;
    Request request(type, NLM_F_ACK | flags, bytesOf(header));
    request.put32(FRA_PRIORITY, rule.preference);
    request.put8(FRA_PROTOCOL, kRouteProtocol);
    if (rule.mark != 0) {
        request.put32(FRA_FWMARK, rule.mark);
        request.put32(FRA_FWMASK, kMarkMask);
    }
    if (!rule.inputDevice.isEmpty())
        request.putText(FRA_IIFNAME, rule.inputDevice.toLatin1().constData());
    if (rule.action == Rule::Action::Lookup)
        request.put32(FRA_TABLE, rule.table);
    return m_route.change(request);
}

int BareKernel::runNft(const QByteArray &text)
{
    return nft_run_cmd_from_buffer(m_nft, text.constData()) == 0 ? 0 : EINVAL;
}

int BareKernel::writeSetting(const Setting &setting)
{
    QFile file(settingFile(setting.path));
    if (!file.open(QIODevice::ReadWrite | QIODevice::Unbuffered))
        return EACCES;
    m_before.insert_or_assign(setting.path, file.readAll());
    file.seek(0);
    return file.write(setting.value.toLatin1()) > 0 ? 0 : EIO;
}

int BareKernel::restoreSetting(const QString &path)
{
    const auto before = m_before.find(path);
    QFile file(settingFile(path));
    if (before == m_before.end() || !file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return 0; // the link it belonged to is gone, and the setting with it
    return file.write(before->second) > 0 ? 0 : EIO;
}

int BareKernel::execute(const Operation &operation)
{
    constexpr std::uint16_t kNew = NLM_F_CREATE | NLM_F_EXCL;
    return std::visit(
        Overloaded{
            [&](const CreateLink &op) { return createLink(op.name.toLatin1().constData()); },
            [&](const DeleteLink &op) { return deleteLink(op.name.toLatin1().constData()); },
            [&](const SetLinkUp &op) { return setUp(op.name.toLatin1().constData()); },
            [&](const SetLinkMtu &op) { return setMtu(op.name.toLatin1().constData(), op.mtu); },
            [&](const ConfigureWireGuard &op) { return configure(op); },
            [&](const AddAddress &op) { return changeAddress(RTM_NEWADDR, op.link, op.address); },
            [&](const DeleteAddress &op) { return changeAddress(RTM_DELADDR, op.link, op.address); },
            [&](const PutRoute &op) { return changeRoute(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, op.route); },
            [&](const DeleteRoute &op) { return changeRoute(RTM_DELROUTE, 0, op.route); },
            [&](const AddRule &op) { return changeRule(RTM_NEWRULE, kNew, op.rule); },
            [&](const DeleteRule &op) { return changeRule(RTM_DELRULE, 0, op.rule); },
            [&](const ReplaceTable &op) {
                const QByteArray name = op.table.name.toLatin1();
                return runNft("table inet " + name + "\ndelete table inet " + name + "\n" + op.table.text);
            },
            [&](const DeleteTable &op) { return runNft("delete table inet " + op.name.toLatin1() + "\n"); },
            [&](const ForgetUnresolvedNeighbours &) { return 0; }, // changes nothing where all answer
            [&](const WriteSetting &op) { return writeSetting(op.setting); },
            [&](const RestoreSetting &op) { return restoreSetting(op.path); },
            [&](const WriteHosts &) { return 0; },
            [&](const WriteBootGuard &) { return 0; },
            [&](const WriteDns &) { return 0; },
        },
        operation);
}

} // namespace sallyport::bench
