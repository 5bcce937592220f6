// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/set_messages.h"

#include "helper/kernel/netlink/attributes.h"
#include "helper/kernel/wireguard/port.h"

#include <linux/genetlink.h>
#include <linux/wireguard.h>
#include <netinet/in.h>

namespace sallyport::wireguard {

using namespace Qt::StringLiterals;
using netlink::Message;

namespace {

constexpr std::array<quint8, kKeySize> kNoKey{};

template<class T>
netlink::Bytes bytesOf(const T &value)
{
    return {reinterpret_cast<const quint8 *>(&value), sizeof(T)};
}

void putEndpoint(Message &message, const Endpoint &endpoint)
{
    if (endpoint.address.family() == Family::IPv4) {
        sockaddr_in native{};
        native.sin_family = AF_INET;
        native.sin_port = htons(endpoint.port);
        std::memcpy(&native.sin_addr, endpoint.address.bytes().data(), sizeof native.sin_addr);
        message.put(WGPEER_A_ENDPOINT, bytesOf(native));
        return;
    }
    sockaddr_in6 native{};
    native.sin6_family = AF_INET6;
    native.sin6_port = htons(endpoint.port);
    native.sin6_scope_id = endpoint.scopeId;
    std::memcpy(&native.sin6_addr, endpoint.address.bytes().data(), sizeof native.sin6_addr);
    message.put(WGPEER_A_ENDPOINT, bytesOf(native));
}

quint32 flagsOf(const PeerChange &peer)
{
    quint32 flags = 0;
    if (peer.remove)
        flags |= WGPEER_F_REMOVE_ME;
    if (peer.updateOnly)
        flags |= WGPEER_F_UPDATE_ONLY;
    if (peer.allowedIps)
        flags |= WGPEER_F_REPLACE_ALLOWEDIPS;
    return flags;
}

class Writer {
public:
    Writer(const ConfigureWireGuard &change, const Secrets &secrets, quint16 genericFamily, std::size_t room)
        : m_change(change), m_secrets(secrets), m_genericFamily(genericFamily), m_room(room)
    {
    }

    Result<std::vector<Message>> write()
    {
        begin();
        if (Result<Done> device = putDevice(); !device)
            return device.error();
        m_peers = message().beginNest(WGDEVICE_A_PEERS);
        for (const PeerChange &peer : m_change.peers) {
            if (Result<Done> put = putPeer(peer); !put)
                return put.error();
        }
        message().endNest(m_peers);
        return std::move(m_messages);
    }

private:
    Message &message() { return m_messages.back(); }

    void begin()
    {
        m_messages.emplace_back(m_genericFamily, 0, m_room);
        message().append(genlmsghdr{WG_CMD_SET_DEVICE, WG_GENL_VERSION, 0}).putText(WGDEVICE_A_IFNAME, m_change.link);
    }

    void continueInNextMessage()
    {
        message().endNest(m_peers);
        begin();
        m_peers = message().beginNest(WGDEVICE_A_PEERS);
    }

    Result<Done> putDevice()
    {
        if (m_change.privateKeyName) {
            const auto key = secretNamed(*m_change.privateKeyName, m_secrets);
            if (!key)
                return key.error();
            message().put(WGDEVICE_A_PRIVATE_KEY, (*key)->bytes());
        }
        if (m_change.listenPort)
            message().put16(WGDEVICE_A_LISTEN_PORT, *m_change.listenPort);
        if (m_change.mark)
            message().put32(WGDEVICE_A_FWMARK, *m_change.mark);
        if (m_change.replacePeers)
            message().put32(WGDEVICE_A_FLAGS, WGDEVICE_F_REPLACE_PEERS);
        return message().isComplete() ? Result<Done>(Done{}) : tooSmall();
    }

    Result<Done> putPeer(const PeerChange &peer)
    {
        const SecretKey *presharedKey = nullptr;
        if (peer.presharedKeyName && !peer.presharedKeyName->isEmpty()) {
            const auto key = secretNamed(*peer.presharedKeyName, m_secrets);
            if (!key)
                return key.error();
            presharedKey = *key;
        }
        const std::size_t mark = message().mark();
        nlattr *nest = putPeerHead(peer, presharedKey);
        if (!message().isComplete()) {
            message().rewind(mark);
            continueInNextMessage();
            nest = putPeerHead(peer, presharedKey);
        }
        if (!message().isComplete())
            return tooSmall();
        if (!peer.remove && peer.allowedIps)
            return putAllowedIps(peer, nest);
        message().endNest(nest);
        return Done{};
    }

    nlattr *putPeerHead(const PeerChange &peer, const SecretKey *presharedKey)
    {
        nlattr *nest = message().beginNest(0);
        message().put(WGPEER_A_PUBLIC_KEY, peer.publicKey.bytes);
        if (const quint32 flags = flagsOf(peer); flags != 0)
            message().put32(WGPEER_A_FLAGS, flags);
        if (peer.remove)
            return nest;
        if (presharedKey != nullptr)
            message().put(WGPEER_A_PRESHARED_KEY, presharedKey->bytes());
        else if (peer.presharedKeyName)
            message().put(WGPEER_A_PRESHARED_KEY, kNoKey);
        if (peer.endpoint)
            putEndpoint(message(), *peer.endpoint);
        if (peer.persistentKeepalive)
            message().put16(WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL, *peer.persistentKeepalive);
        return nest;
    }

    nlattr *putContinuedPeer(const PeerChange &peer)
    {
        nlattr *nest = message().beginNest(0);
        message().put(WGPEER_A_PUBLIC_KEY, peer.publicKey.bytes).put32(WGPEER_A_FLAGS, WGPEER_F_UPDATE_ONLY);
        return nest;
    }

    Result<Done> putAllowedIps(const PeerChange &peer, nlattr *peerNest)
    {
        nlattr *list = nullptr;
        for (const Prefix &prefix : *peer.allowedIps) {
            if (tryAllowedIp(prefix, list))
                continue;
            if (list != nullptr)
                message().endNest(list);
            message().endNest(peerNest);
            continueInNextMessage();
            peerNest = putContinuedPeer(peer);
            list = nullptr;
            if (!message().isComplete() || !tryAllowedIp(prefix, list))
                return tooSmall();
        }
        if (list != nullptr)
            message().endNest(list);
        message().endNest(peerNest);
        return Done{};
    }

    /// Opens `list` if need be. False, and nothing written, if it does not fit.
    bool tryAllowedIp(const Prefix &prefix, nlattr *&list)
    {
        const std::size_t mark = message().mark();
        const bool opens = list == nullptr;
        if (opens)
            list = message().beginNest(WGPEER_A_ALLOWEDIPS);
        nlattr *nest = message().beginNest(0);
        message().put16(WGALLOWEDIP_A_FAMILY, netlink::nativeFamily(prefix.family()));
        message().putAddress(WGALLOWEDIP_A_IPADDR, prefix.address());
        message().put8(WGALLOWEDIP_A_CIDR_MASK, prefix.length());
        if (message().isComplete()) {
            message().endNest(nest);
            return true;
        }
        message().rewind(mark);
        if (opens)
            list = nullptr;
        return false;
    }

    static Error tooSmall() { return {Errc::Internal, u"A WireGuard request does not fit into a message."_s, {}}; }

    const ConfigureWireGuard &m_change;
    const Secrets &m_secrets;
    quint16 m_genericFamily;
    std::size_t m_room;
    std::vector<Message> m_messages;
    nlattr *m_peers = nullptr;
};

} // namespace

Result<std::vector<Message>> setMessages(
    const ConfigureWireGuard &change, const Secrets &secrets, quint16 genericFamily, std::size_t room)
{
    return Writer(change, secrets, genericFamily, room).write();
}

} // namespace sallyport::wireguard
