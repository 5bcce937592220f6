// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/pair_key.h"

#include <algorithm>
#include <sodium.h>
#include <string_view>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::string_view kLabel = "sallyport probe v1";

/// What must not stay on the stack.
struct Agreement {
    Agreement() = default;
    Agreement(const Agreement &) = delete;
    Agreement &operator=(const Agreement &) = delete;
    ~Agreement() { sodium_memzero(this, sizeof *this); }

    crypto_generichash_state state{};
    std::array<quint8, crypto_scalarmult_BYTES> shared{};
    std::array<quint8, kKeySize> derived{};

    void add(const PublicKey &key) { crypto_generichash_update(&state, key.bytes.data(), key.bytes.size()); }
};

} // namespace

Result<SecretKey> pairKeyOf(const SecretKey &ownPrivateKey, const PublicKey &peer)
{
    Agreement agreement;
    if (crypto_scalarmult(agreement.shared.data(), ownPrivateKey.bytes().data(), peer.bytes.data()) != 0)
        return Error{Errc::InvalidArgument, u"With the key %1 no secret can be agreed on."_s.arg(peer.toBase64()), {}};
    const PublicKey own = ownPrivateKey.publicKey();
    crypto_generichash_init(&agreement.state, agreement.shared.data(), agreement.shared.size(), kKeySize);
    crypto_generichash_update(&agreement.state, reinterpret_cast<const unsigned char *>(kLabel.data()), kLabel.size());
    agreement.add(std::min(own, peer));
    agreement.add(std::max(own, peer));
    crypto_generichash_final(&agreement.state, agreement.derived.data(), agreement.derived.size());
    return SecretKey::fromBytes(agreement.derived);
}

} // namespace sallyport
