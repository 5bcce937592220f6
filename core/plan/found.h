// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"

namespace sallyport {

/// What there is in the kernel of us and of others, as short phrases for whoever has to help: `sally doctor`.
Found foundOf(const ObservedState &observed);

} // namespace sallyport
