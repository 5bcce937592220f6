// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "core/probe/probe.h"

#include <QByteArray>

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace sallyport {

/// UDP payload of every probe, question and answer alike. Not a size that WireGuard ever sends.
inline constexpr std::size_t kProbeSize = 128;

/// Seals `probe` for `peer`. Looks like 128 random bytes to whoever has neither key, and like nothing of WireGuard's: bytes
/// 1 to 3 are never all zero (mesh-protocol.md section 4).
QByteArray sealed(const Probe &probe, const PublicKey &own, const PublicKey &peer, const SecretKey &pairKey);

struct OpenedProbe {
    PublicKey peer;
    Probe probe;
    std::array<quint8, 24> nonce{}; ///< never seen before from an honest sender

    bool operator==(const OpenedProbe &) const = default;
};

/// Opens what peers have sealed. Finds the sender by one short hash, however many peers there are, so that garbage costs
/// next to nothing.
class ProbeOpener {
public:
    explicit ProbeOpener(const PublicKey &own);

    /// Replaces all peers.
    void setPeers(const std::vector<std::pair<PublicKey, const SecretKey *>> &peers);
    /// Nothing: not a probe of a peer, or changed on the way.
    std::optional<OpenedProbe> open(std::span<const quint8> payload) const;

private:
    struct Sender {
        PublicKey publicKey;
        SecretKey pairKey;
    };
    PublicKey m_own;
    std::array<quint8, 32> m_hintKey{};
    std::multimap<quint64, Sender> m_senders; ///< by short name
};

} // namespace sallyport
