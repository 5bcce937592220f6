// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "core/model/snapshot.h"

namespace sallyport {

/// Who answers for names while Exit is on, as a sentence that begins with a space; empty while Exit is off.
QString dnsSentence(const Configuration &configuration, const Intent &intent, const ObservedState &observed);

/// What was asked for about names and cannot be had here, and who else is asked for them.
std::vector<Conflict> dnsConflicts(
    const Configuration &configuration, const Intent &intent, const ObservedState &observed);

/// For a resolver that refused.
Conflict dnsRefused(const Error &error);

} // namespace sallyport
