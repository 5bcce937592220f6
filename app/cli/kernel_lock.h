// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QStringList>

/// What blocks the internet on our behalf, and how to take it away with no helper. Needs CAP_NET_ADMIN.
namespace sallyport::cli {

/// The guard's table, if it is there: deletes it. True: it was there.
Result<bool> removeGuardTable();

/// The rules that lead everything into the exit's table, which says "unreachable" once its interface is gone: deletes
/// those that carry our protocol number, in both families. Returns how many there were.
Result<int> removeExitRules();

} // namespace sallyport::cli
