// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/result.h"

namespace sallyport {

/// Puts a checksum in front of a body: `sallyport-state 1 <64 hex digits of BLAKE2b>` and a line break.
SecretText sealed(std::span<const char> body);
/// The body again; StorageFailed if the checksum does not fit. The view lives as long as `text`.
Result<std::span<const char>> unsealed(std::span<const char> text);

} // namespace sallyport
