// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

#include <QDBusUnixFileDescriptor>

namespace sallyport {

/// An anonymous file with the 44 characters of the key, sealed against every change, ready to be sent.
Result<QDBusUnixFileDescriptor> sealedMemfd(const SecretKey &key);

} // namespace sallyport
