// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

namespace sallyport {

/// polkit's answer to CheckAuthorization, as both back ends read it.
struct PolkitVerdict {
    bool authorized = false;
    bool challenge = false; ///< somebody would have to authenticate, and there is no agent to ask
    bool dismissed = false; ///< the person closed the dialog
};

Result<Done> resultOf(const PolkitVerdict &verdict);
/// polkit did not decide. `reason` is its own message, or the bus's.
Error polkitUnavailable(const QString &reason);

} // namespace sallyport
