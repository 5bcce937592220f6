// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

namespace sallyport {

/// The key under which two devices seal their probes, the same on both: made of the secret that only their WireGuard keys
/// agree on, with a label of its own, so that nothing sealed here means anything to WireGuard (ADR 17). Refused for a
/// public key with which no secret can be agreed on (RFC 7748 section 6.1: all zeroes).
Result<SecretKey> pairKeyOf(const SecretKey &ownPrivateKey, const PublicKey &peer);

} // namespace sallyport
