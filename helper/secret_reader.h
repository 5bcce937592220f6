// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

namespace sallyport {

/// Reads a key from a memfd that its sender can no longer change: sealed against writing, growing and shrinking, at
/// most 128 bytes. Anything else (files, pipes, sockets) is refused unread.
Result<SecretKey> readSealedSecret(int descriptor);

} // namespace sallyport
