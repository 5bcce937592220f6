// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/device_reader.h"

#include <algorithm>
#include <linux/wireguard.h>
#include <netinet/in.h>

namespace sallyport::wireguard {

using netlink::addressOf;
using netlink::Bytes;
using netlink::valueOf;
using netlink::visitAttributes;

namespace {

/// struct __kernel_timespec
struct Timespec {
    qint64 seconds;
    qint64 nanoseconds;
};

PublicKey publicKeyOf(Bytes value)
{
    return {valueOf<std::array<quint8, kKeySize>>(value)};
}

SecretDigest presharedKeyOf(Bytes value)
{
    if (value.size() != kKeySize)
        return {};
    return SecretKey::digestOf(value.first<kKeySize>());
}

std::optional<Endpoint> endpointOf(Bytes value)
{
    if (value.size() == sizeof(sockaddr_in)) {
        const auto native = valueOf<sockaddr_in>(value);
        return Endpoint{*addressOf(value.subspan(offsetof(sockaddr_in, sin_addr), 4)), ntohs(native.sin_port), 0};
    }
    if (value.size() == sizeof(sockaddr_in6)) {
        const auto native = valueOf<sockaddr_in6>(value);
        return Endpoint{*addressOf(value.subspan(offsetof(sockaddr_in6, sin6_addr), 16)), ntohs(native.sin6_port),
            native.sin6_scope_id};
    }
    return std::nullopt;
}

void readAllowedIp(Bytes attributes, std::vector<Prefix> &allowedIps)
{
    std::optional<IpAddress> address;
    std::optional<quint8> length;
    visitAttributes(attributes, [&](int type, Bytes value) {
        if (type == WGALLOWEDIP_A_IPADDR)
            address = addressOf(value);
        else if (type == WGALLOWEDIP_A_CIDR_MASK && value.size() == 1)
            length = value.front();
    });
    if (address && length)
        allowedIps.push_back(Prefix::of(*address, *length));
}

void readPeerAttribute(int type, Bytes value, ObservedPeer &observed)
{
    switch (type) {
    case WGPEER_A_PRESHARED_KEY:
        observed.peer.presharedKey = presharedKeyOf(value);
        break;
    case WGPEER_A_ENDPOINT:
        observed.peer.endpoint = endpointOf(value);
        break;
    case WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL:
        observed.peer.persistentKeepalive = valueOf<quint16>(value);
        break;
    case WGPEER_A_LAST_HANDSHAKE_TIME: {
        const auto time = valueOf<Timespec>(value);
        observed.activity.handshakeAge = handshakeAge(time.seconds, time.nanoseconds);
        break;
    }
    case WGPEER_A_RX_BYTES:
        observed.activity.receivedBytes = valueOf<quint64>(value);
        break;
    case WGPEER_A_TX_BYTES:
        observed.activity.sentBytes = valueOf<quint64>(value);
        break;
    case WGPEER_A_ALLOWEDIPS:
        visitAttributes(value, [&](int, Bytes allowed) { readAllowedIp(allowed, observed.peer.allowedIps); });
        break;
    default: // not an enumeration: an attribute of no interest
        break;
    }
}

} // namespace

void DeviceReader::readPeer(Bytes attributes)
{
    PublicKey key;
    visitAttributes(attributes, [&](int type, Bytes value) {
        if (type == WGPEER_A_PUBLIC_KEY)
            key = publicKeyOf(value);
    });
    if (key.isNull())
        return;
    if (m_device.peers.empty() || m_device.peers.back().peer.publicKey != key) {
        m_device.peers.emplace_back();
        m_device.peers.back().peer.publicKey = key;
    }
    ObservedPeer &observed = m_device.peers.back();
    visitAttributes(attributes, [&](int type, Bytes value) { readPeerAttribute(type, value, observed); });
}

void DeviceReader::read(Bytes attributes)
{
    visitAttributes(attributes, [&](int type, Bytes value) {
        switch (type) {
        case WGDEVICE_A_PUBLIC_KEY:
            m_device.publicKey = publicKeyOf(value);
            break;
        case WGDEVICE_A_LISTEN_PORT:
            m_device.listenPort = valueOf<quint16>(value);
            break;
        case WGDEVICE_A_FWMARK:
            m_device.mark = valueOf<quint32>(value);
            break;
        case WGDEVICE_A_PEERS:
            visitAttributes(value, [&](int, Bytes peer) { readPeer(peer); });
            break;
        default: // not an enumeration: an attribute of no interest
            break;
        }
    });
}

Device DeviceReader::take()
{
    normalise(m_device);
    return std::exchange(m_device, {});
}

} // namespace sallyport::wireguard
