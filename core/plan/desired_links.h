// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/desired_state_of.h"

namespace sallyport {

/// sally-home. `exitDevice` carries the internet, too; null: none does. `onlyExitDevice`: Home is off, and nobody else
/// is a peer. NotConfigured when a secret is missing.
Result<DesiredLink> desiredHomeLink(const Home &home, const Device *exitDevice, bool onlyExitDevice,
    const Surroundings &around, const KnownSecrets &secrets);

/// sally-exit for a provider. NotConfigured when a secret or the server's address is missing.
Result<DesiredLink> desiredExitLink(
    const QString &exitName, const ProviderExit &exit, const Surroundings &around, const KnownSecrets &secrets);

} // namespace sallyport
