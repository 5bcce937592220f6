// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/probe_seal.h"

#include "core/probe/probe_box.h"
#include "core/probe/short_hash.h"

#include <QtEndian>

#include <algorithm>
#include <sodium.h>

namespace sallyport {

namespace {

constexpr std::string_view kVersion = "sallyport probe v1";
constexpr std::string_view kNameLabel = "sallyport probe name v1";
constexpr std::string_view kHintLabel = "sallyport probe hint v1";

constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kHintEnd = kNonceSize + sizeof(ShortHash);
static_assert(kHintEnd + kBoxSize + crypto_aead_xchacha20poly1305_ietf_ABYTES == kProbeSize);

using Nonce = std::array<quint8, kNonceSize>;
using HintKey = std::array<quint8, kKeySize>;
using Context = std::array<quint8, kVersion.size() + 2 * kKeySize>;

/// WireGuard's messages have zeroes in bytes 1 to 3; ours never, so that one comparison tells them apart.
Nonce drawnNonce()
{
    Nonce nonce{};
    do
        randombytes_buf(nonce.data(), nonce.size());
    while (nonce[1] == 0 && nonce[2] == 0 && nonce[3] == 0);
    return nonce;
}

ShortHash shortNameOf(const PublicKey &key)
{
    return shortHash({}, {bytesOf(kNameLabel), key.bytes});
}

HintKey hintKeyOf(const PublicKey &receiver)
{
    HintKey key{};
    crypto_generichash_state state{};
    crypto_generichash_init(&state, nullptr, 0, key.size());
    crypto_generichash_update(&state, bytesOf(kHintLabel).data(), kHintLabel.size());
    crypto_generichash_update(&state, receiver.bytes.data(), receiver.bytes.size());
    crypto_generichash_final(&state, key.data(), key.size());
    return key;
}

/// Hides a short name, and shows it again.
ShortHash masked(const ShortHash &name, const HintKey &hintKey, std::span<const quint8, kNonceSize> nonce)
{
    ShortHash mask = shortHash(hintKey, {nonce});
    std::ranges::transform(mask, name, mask.begin(), [](quint8 a, quint8 b) { return static_cast<quint8>(a ^ b); });
    return mask;
}

/// Both names in this order: what was sent to somebody does not open when it is sent back.
Context contextOf(const PublicKey &sender, const PublicKey &receiver)
{
    Context context{};
    auto at = std::ranges::copy(bytesOf(kVersion), context.begin()).out;
    at = std::ranges::copy(sender.bytes, at).out;
    std::ranges::copy(receiver.bytes, at);
    return context;
}

Nonce nonceOf(std::span<const quint8> payload)
{
    Nonce nonce{};
    std::ranges::copy(payload.first<kNonceSize>(), nonce.begin());
    return nonce;
}

std::optional<Probe> opened(std::span<const quint8> payload, const Context &context, const SecretKey &pairKey)
{
    std::array<quint8, kBoxSize> box{};
    const std::span<const quint8> secret = payload.subspan(kHintEnd);
    const bool isGenuine = crypto_aead_xchacha20poly1305_ietf_decrypt(box.data(), nullptr, nullptr, secret.data(),
                               secret.size(), context.data(), context.size(), payload.data(), pairKey.bytes().data())
        == 0;
    return isGenuine ? unboxed(box) : std::nullopt;
}

quint64 keyOf(const ShortHash &name)
{
    return qFromLittleEndian<quint64>(name.data());
}

} // namespace

QByteArray sealed(const Probe &probe, const PublicKey &own, const PublicKey &peer, const SecretKey &pairKey)
{
    const Nonce nonce = drawnNonce();
    const ShortHash hint = masked(shortNameOf(own), hintKeyOf(peer), nonce);
    const auto box = boxed(probe);
    const Context context = contextOf(own, peer);
    std::array<quint8, kProbeSize> payload{};
    std::ranges::copy(nonce, payload.begin());
    std::ranges::copy(hint, payload.begin() + kNonceSize);
    crypto_aead_xchacha20poly1305_ietf_encrypt(payload.data() + kHintEnd, nullptr, box.data(), box.size(),
        context.data(), context.size(), nullptr, nonce.data(), pairKey.bytes().data());
    return {reinterpret_cast<const char *>(payload.data()), static_cast<qsizetype>(payload.size())};
}

ProbeOpener::ProbeOpener(const PublicKey &own) : m_own(own), m_hintKey(hintKeyOf(own)) {}

void ProbeOpener::setPeers(const std::vector<std::pair<PublicKey, const SecretKey *>> &peers)
{
    m_senders.clear();
    for (const auto &[publicKey, pairKey] : peers)
        m_senders.emplace(keyOf(shortNameOf(publicKey)), Sender{publicKey, pairKey->clone()});
}

std::optional<OpenedProbe> ProbeOpener::open(std::span<const quint8> payload) const
{
    if (payload.size() != kProbeSize)
        return std::nullopt;
    ShortHash name{};
    std::ranges::copy(payload.subspan<kNonceSize, sizeof(ShortHash)>(), name.begin());
    name = masked(name, m_hintKey, payload.first<kNonceSize>());
    const auto [first, last] = m_senders.equal_range(keyOf(name));
    for (auto each = first; each != last; ++each) {
        const Sender &sender = each->second;
        if (const auto probe = opened(payload, contextOf(sender.publicKey, m_own), sender.pairKey))
            return OpenedProbe{sender.publicKey, *probe, nonceOf(payload)};
    }
    return std::nullopt;
}

} // namespace sallyport
