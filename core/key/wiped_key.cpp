// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/wiped_key.h"

#include <sodium.h>

namespace sallyport {

WipedKey::~WipedKey()
{
    sodium_memzero(data(), size());
}

} // namespace sallyport
