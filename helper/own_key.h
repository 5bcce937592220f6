// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/desired_state_of.h"

namespace sallyport {

/// Refuses a configuration in which another device has this machine's key: the kernel drops such a peer without a word.
Result<Done> checkOwnKey(const Configuration &configuration, const KnownSecrets &secrets);

} // namespace sallyport
