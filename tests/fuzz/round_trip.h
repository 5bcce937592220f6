// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/profile/import.h"

namespace sallyport::fuzz {

/// Exports the part with its keys, imports the file, and wants the same part and the same keys back.
void promiseRoundTrip(const std::variant<Home, Exit> &part, const Secrets &secrets);
/// Everything that holds for whatever was imported: the codec takes it, no report tells a key, it round-trips.
void promiseImported(const Imported &imported);

} // namespace sallyport::fuzz
