// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QtGlobal>

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

namespace sallyport {

using ShortHash = std::array<quint8, 8>;

/// The first half of BLAKE2b-128 (libsodium promises nothing shorter) of all parts in a row; no key if `key` is empty.
ShortHash shortHash(std::span<const quint8> key, std::initializer_list<std::span<const quint8>> parts);

inline std::span<const quint8> bytesOf(std::string_view label)
{
    return {reinterpret_cast<const quint8 *>(label.data()), label.size()};
}

} // namespace sallyport
