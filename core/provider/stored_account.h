// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/account.h"
#include "core/result.h"

namespace sallyport {

/// What the keyring keeps of an account, without the device's key. Read back as strictly as everything foreign.
HiddenText storedAccount(const Session &session);
Result<Session> readStoredAccount(QByteArrayView text);

} // namespace sallyport
