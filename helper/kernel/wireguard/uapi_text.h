// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_buffer.h"
#include "helper/kernel/wireguard/port.h"

/// The text of the cross-platform WireGuard protocol (https://www.wireguard.com/xplatform/).
namespace sallyport::wireguard {

/// Appends the `set=1` request for `change`, up to and with the blank line that ends it.
Result<Done> writeSetRequest(const ConfigureWireGuard &change, const Secrets &secrets, SecretBuffer &text);

/// What a `get=1` request was answered, with the final `errno=` line. Unknown keys are ignored; a line that is none,
/// or a known key with a value that is none, is an error.
Result<Device> parseGetAnswer(std::string_view answer);

/// The number in the `errno=` line that ends every answer.
Result<int> parseErrorNumber(std::string_view answer);

} // namespace sallyport::wireguard
