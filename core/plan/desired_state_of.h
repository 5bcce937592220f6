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

/// Configuration and intent on the networks where the machine stands. What is wanted and cannot be built (its
/// configuration or a secret is missing: NotConfigured, UnknownName) does not keep the rest from being: the reason is in
/// `missingHome` or `missingExit`. Without the exit what would leave through it is refused, never sent by the uplink.
DesiredState desiredStateOf(
    const Configuration &configuration, const Intent &intent, const Surroundings &around, const KnownSecrets &secrets);

} // namespace sallyport
