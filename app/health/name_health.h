// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/health.h"

namespace sallyport {

/// Who answered, of those that were asked; at least one was. Pure.
Finding namesFinding(const std::vector<NameServerAnswer> &answers);

} // namespace sallyport
