// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/desired_state.h"
#include "core/model/intent.h"
#include "core/model/observed_state.h"

#include <map>

namespace sallyport {

/// What may be known about a secret: enough to compare, nothing to steal.
struct KnownSecret {
    PublicKey publicKey; ///< meaningful for private keys only
    SecretDigest digest;

    bool operator==(const KnownSecret &) const = default;
};
using KnownSecrets = std::map<QString, KnownSecret>;

/// Configuration and intent on the networks where the machine stands. Fails with NotConfigured when Home is on and its
/// configuration or a secret is missing. An exit that cannot be built does not keep Home from being: the reason is in
/// `missingExit`, and what would leave through it is refused, never sent by the uplink.
Result<DesiredState> desiredStateOf(const Configuration &configuration, const Intent &intent,
    const std::vector<Uplink> &uplinks, const KnownSecrets &secrets, const std::vector<Prefix> &virtualNetworks = {});

} // namespace sallyport
