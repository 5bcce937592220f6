// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/secret_key.h"

#include "core/key/key_pool.h"

#include <algorithm>
#include <sodium.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

using DigestKey = std::array<quint8, crypto_generichash_KEYBYTES>;

DigestKey randomDigestKey()
{
    DigestKey key{};
    randombytes_buf(key.data(), key.size());
    return key;
}

std::span<const char> trimmed(std::span<const char> text)
{
    constexpr auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text = text.subspan(1);
    while (!text.empty() && blank(text.back()))
        text = text.first(text.size() - 1);
    return text;
}

/// Never destroyed: keys of static storage may outlive any order of destruction.
KeyPool &keyPool()
{
    static KeyPool &pool = *new KeyPool;
    return pool;
}

} // namespace

void SecretKey::Free::operator()(quint8 *memory) const noexcept
{
    keyPool().giveBack(memory);
}

SecretKey::SecretKey() : m_memory(keyPool().take()) {}

SecretKey SecretKey::generatePrivate()
{
    SecretKey key = generatePreshared();
    key.m_memory.get()[0] &= 248;
    key.m_memory.get()[31] = (key.m_memory.get()[31] & 127) | 64;
    return key;
}

SecretKey SecretKey::generatePreshared()
{
    SecretKey key;
    randombytes_buf(key.m_memory.get(), kKeySize);
    return key;
}

Result<SecretKey> SecretKey::parse(std::span<const char> base64)
{
    const std::span<const char> text = trimmed(base64);
    SecretKey key;
    std::size_t length = 0;
    const bool ok = text.size() == 44
        && sodium_base642bin(key.m_memory.get(), kKeySize, text.data(), text.size(), nullptr, &length, nullptr,
               sodium_base64_VARIANT_ORIGINAL)
            == 0
        && length == kKeySize;
    if (!ok)
        return Error{Errc::InvalidArgument, u"This is not a WireGuard key (44 characters of base64)."_s, {}};
    if (sodium_is_zero(key.m_memory.get(), kKeySize) != 0)
        return Error{Errc::InvalidArgument, u"The key is all zeroes."_s, {}};
    return key;
}

SecretKey SecretKey::fromBytes(std::span<const quint8, kKeySize> bytes)
{
    SecretKey key;
    std::ranges::copy(bytes, key.m_memory.get());
    return key;
}

SecretKey SecretKey::clone() const
{
    return fromBytes(bytes());
}

std::span<const quint8, kKeySize> SecretKey::bytes() const
{
    return std::span<const quint8, kKeySize>(m_memory.get(), kKeySize);
}

PublicKey SecretKey::publicKey() const
{
    PublicKey key;
    crypto_scalarmult_base(key.bytes.data(), m_memory.get());
    return key;
}

SecretDigest SecretKey::digest() const
{
    return digestOf(bytes());
}

SecretDigest SecretKey::digestOf(std::span<const quint8, kKeySize> bytes)
{
    static const DigestKey processKey = randomDigestKey();
    SecretDigest digest;
    if (sodium_is_zero(bytes.data(), bytes.size()) == 0)
        crypto_generichash(
            digest.bytes.data(), digest.bytes.size(), bytes.data(), bytes.size(), processKey.data(), processKey.size());
    return digest;
}

void SecretKey::toBase64(std::span<char, 44> out) const
{
    // sodium_bin2base64 wants room for a terminator.
    std::array<char, 45> text{};
    sodium_bin2base64(text.data(), text.size(), m_memory.get(), kKeySize, sodium_base64_VARIANT_ORIGINAL);
    std::copy_n(text.begin(), out.size(), out.begin());
    sodium_memzero(text.data(), text.size());
}

bool SecretKey::equals(const SecretKey &other) const
{
    return sodium_memcmp(m_memory.get(), other.m_memory.get(), kKeySize) == 0;
}

} // namespace sallyport
