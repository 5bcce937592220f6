// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/tunnel_nudge.h"

#include "core/constants.h"
#include "core/handle.h"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sallyport::mesh {

namespace {

constexpr quint16 kDiscard = 9;
constexpr std::size_t kMostRemembered = 4096;

/// Only through home's own interface: to nobody else if that is gone.
bool sendInto(const IpAddress &address)
{
    const bool isFour = address.family() == Family::IPv4;
    const FileHandle socket(::socket(isFour ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (setsockopt(socket.get(), SOL_SOCKET, SO_BINDTODEVICE, kHomeLink, sizeof kHomeLink) != 0)
        return false;
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(kDiscard);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(kDiscard);
    const auto bytes = address.bytes();
    std::memcpy(isFour ? static_cast<void *>(&four.sin_addr) : &six.sin6_addr, bytes.data(), bytes.size());
    const auto *to = isFour ? reinterpret_cast<const sockaddr *>(&four) : reinterpret_cast<const sockaddr *>(&six);
    return sendto(socket.get(), "", 0, MSG_NOSIGNAL, to, isFour ? sizeof four : sizeof six) == 0;
}

} // namespace

void TunnelNudge::send(const PathPeer &peer, PathTime now)
{
    if (m_last.size() >= kMostRemembered)
        m_last.clear();
    const auto last = m_last.find(peer.publicKey);
    if (last != m_last.end() && now - last->second < kBetween)
        return;
    m_last[peer.publicKey] = now;
    // One that arrives is enough; the other family's address may not be routed.
    for (const Prefix &prefix : peer.allowedIps) {
        if (prefix.length() == prefix.address().bitLength() && sendInto(prefix.address()))
            return;
    }
}

} // namespace sallyport::mesh
