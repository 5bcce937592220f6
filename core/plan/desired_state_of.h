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

/// Configuration and intent on the networks where the machine stands. Fails with NotConfigured or UnknownName when a
/// switch is on whose configuration or secret is missing.
Result<DesiredState> desiredStateOf(const Configuration &configuration, const Intent &intent,
    const std::vector<Uplink> &uplinks, const KnownSecrets &secrets, const std::vector<Prefix> &virtualNetworks = {});

} // namespace sallyport
