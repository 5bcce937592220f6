// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"

#include <array>

namespace sallyport {

/// 32 secret bytes on their way between two places of guarded memory, inside a value that is copied. Every copy wipes
/// itself.
struct WipedKey : std::array<quint8, kKeySize> {
    ~WipedKey();
};

} // namespace sallyport
