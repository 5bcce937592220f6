// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/plan/desired_state_of.h"

namespace sallyport::sample {

/// The key that FakeKernel derives from a secret's name, and likewise for any other word.
PublicKey key(const QString &word);
/// The networks of the first text in origin: laptop, desktop, nas, vps; plus two provider exits and two device exits.
Configuration configuration();
/// Knows every secret of the configuration.
KnownSecrets secrets(const Configuration &configuration);

std::vector<Uplink> homeLan(); ///< 10.41.1.2/16 with IPv6
std::vector<Uplink> hotel(); ///< IPv4 only

} // namespace sallyport::sample
