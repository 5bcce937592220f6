// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"

namespace sallyport {

/// Phones need no comments, and a QR code has little room.
SecretText withoutComments(const SecretText &conf);

} // namespace sallyport
