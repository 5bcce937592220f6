// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/why.h"

namespace sallyport::cli {

/// Asks the kernel where it would send a packet of this user to `address` now (RTM_GETROUTE). Needs no privilege.
RouteFact routeTo(const IpAddress &address);

} // namespace sallyport::cli
