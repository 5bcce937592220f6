// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/exchange/name_resolver.h"
#include "core/model/configuration.h"

namespace sallyport {

/// The host names behind which peers are, each once. Names of this machine itself do not matter.
QStringList hostNamesOf(const Configuration &configuration);

/// Writes the addresses into `resolved`. A name that nobody knows keeps what was known of it in `present`, and is a note
/// for the person (returned) while its device has another way; a peer that cannot be reached at all is an error.
Result<QStringList> fillResolved(
    Configuration &configuration, const Configuration &present, const ResolvedNames &found);

} // namespace sallyport
