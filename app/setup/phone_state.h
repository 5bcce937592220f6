// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/wizard_draft.h"
#include "core/model/snapshot.h"

namespace sallyport {

enum class PhoneState {
    Unknown, ///< the helper has not told yet
    Waiting,
    Joined, ///< has shaken hands, so it holds the key
    Expired,
};

/// How long a code is good for.
inline constexpr std::chrono::minutes kPhonePatience{10};

/// A handshake counts also after the time is over: whoever has the key is in.
PhoneState phoneStateOf(const PendingPhone &phone, const Snapshot &snapshot, std::chrono::sys_seconds now);

} // namespace sallyport
