// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"
#include "helper/handle.h"

#include <linux/filter.h>
#include <span>

namespace sallyport::probe {

/// Takes in what the filter lets through from now on, whatever happens to the process.
Result<Done> lockFilter(const FileHandle &socket, std::span<const sock_filter> filter);

/// A raw socket that only sends. What came in before its filter was in place is never read.
Result<FileHandle> sendingSocket(int family, int protocol);

} // namespace sallyport::probe
