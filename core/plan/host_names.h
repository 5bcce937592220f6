// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/desired_state.h"

namespace sallyport {

/// The lines of /etc/hosts while Home is on: every device with a single address, as `nas.wgnet nas storage.wgnet
/// storage`. Names that are no host names are left out; names in other scripts become their IDNA form.
std::vector<HostName> hostNames(const Home &home);

} // namespace sallyport
