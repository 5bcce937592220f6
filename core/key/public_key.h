// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

#include <array>

namespace sallyport {

inline constexpr std::size_t kKeySize = 32; ///< Curve25519

/// The public half of a WireGuard key. All zeroes means "none" to WireGuard and is never parsed.
struct PublicKey {
    std::array<quint8, kKeySize> bytes{};

    /// 44 characters of canonical base64, as `wg pubkey` prints.
    static Result<PublicKey> parse(QStringView base64);
    QString toBase64() const;
    bool isNull() const { return bytes == decltype(bytes){}; }

    auto operator<=>(const PublicKey &) const = default;
};

} // namespace sallyport
