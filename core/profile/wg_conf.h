// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "core/net/endpoint.h"
#include "core/net/prefix.h"
#include "core/profile/annotation.h"
#include "core/profile/line_report.h"

#include <optional>

/// A wg-quick file as values, before anybody decides what it means. Move-only, because it carries the keys.
namespace sallyport {

inline constexpr std::size_t kMaximumConfPeers = 10000;
inline constexpr std::size_t kMaximumConfList = 1000; ///< prefixes of one peer

struct WgConfInterface {
    int line = 0; ///< of the section head; 0 if there is none
    std::optional<SecretKey> privateKey;
    std::vector<InterfaceAddress> addresses;
    std::vector<IpAddress> dns;
    QStringList searchDomains;
    quint16 listenPort = 0;
    quint16 mtu = 0;
    std::vector<Annotation> annotations;
};

struct WgConfPeer {
    int line = 0; ///< of the section head
    int lastLine = 0;
    bool isThisDevice = false; ///< a block of comments under `# [This device]`; only annotations are set
    PublicKey publicKey;
    std::optional<SecretKey> presharedKey;
    std::optional<HostEndpoint> endpoint;
    std::vector<Prefix> allowedIps;
    std::optional<quint16> persistentKeepalive; ///< 0: the file says `off`
    std::vector<Annotation> annotations;
};

struct WgConf {
    WgConfInterface interface;
    std::vector<WgConfPeer> peers; ///< in the order of the file
    std::vector<LineReport> reports;
};

/// Reads what wg(8) and wg-quick(8) read. One malformed line refuses the whole file, with `line:column` as the place;
/// commands (PostUp and so on) are reported and dropped. No error and no report repeats a key.
Result<WgConf> parseWgConf(std::span<const char> text);

} // namespace sallyport
