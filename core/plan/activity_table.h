// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"

namespace sallyport {

inline constexpr char kActivityQuota[] = "begun"; ///< used up by the first packet of payload

/// The table `inet sallyport_activity`, there only while meshd wants to know when payload flows into or out of home. It is
/// tied to the socket that makes it, is in nobody's way and decides nothing.
Table activityTable();

} // namespace sallyport
