// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"

#include <memory>
#include <span>

namespace sallyport {

/// What identifies a secret without telling it: BLAKE2b of the secret under a key that lives as long as the process.
/// Equal digests, equal secrets. All zeroes means "no secret".
struct SecretDigest {
    std::array<quint8, 16> bytes{};
    auto operator<=>(const SecretDigest &) const = default;
};

/// 32 secret bytes (a private or preshared key) in guarded, locked memory (KeyPool) that is wiped when freed.
/// Move-only; no stream operator and no conversion to QString on purpose.
class SecretKey {
public:
    /// A fresh private key, clamped as RFC 7748 section 5 asks.
    static SecretKey generatePrivate();
    static SecretKey generatePreshared();
    /// 44 characters of canonical base64; one final line break or blanks around it are allowed, as in a key file.
    static Result<SecretKey> parse(std::span<const char> base64);
    static SecretKey fromBytes(std::span<const quint8, kKeySize> bytes);

    SecretKey clone() const;
    std::span<const quint8, kKeySize> bytes() const;
    PublicKey publicKey() const;
    SecretDigest digest() const;
    /// The digest of bytes that are somewhere else, for example in a message of the kernel; none for all zeroes.
    static SecretDigest digestOf(std::span<const quint8, kKeySize> bytes);
    /// Writes 44 characters of base64, no terminator.
    void toBase64(std::span<char, 44> out) const;
    /// Constant time.
    bool equals(const SecretKey &other) const;

private:
    struct Free {
        void operator()(quint8 *memory) const noexcept;
    };
    SecretKey();
    std::unique_ptr<quint8, Free> m_memory;
};

} // namespace sallyport
