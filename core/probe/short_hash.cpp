// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/short_hash.h"

#include <algorithm>
#include <sodium.h>

namespace sallyport {

ShortHash shortHash(std::span<const quint8> key, std::initializer_list<std::span<const quint8>> parts)
{
    std::array<quint8, crypto_generichash_BYTES_MIN> whole{};
    crypto_generichash_state state{};
    crypto_generichash_init(&state, key.data(), key.size(), whole.size());
    for (const std::span<const quint8> part : parts)
        crypto_generichash_update(&state, part.data(), part.size());
    crypto_generichash_final(&state, whole.data(), whole.size());
    ShortHash hash{};
    std::copy_n(whole.begin(), hash.size(), hash.begin());
    return hash;
}

} // namespace sallyport
