// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/why.h"

namespace sallyport::cli {

/// Asks a host whether it is there: by ping, where this user may, else and after that by three TCP connections that are closed at
/// once. Takes at most 4 s. `largeSize` bytes are tried too if the first question was answered; 0: not.
FarSide askFarSide(const IpAddress &address, quint32 largeSize);

} // namespace sallyport::cli
