// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/wire/map_reader.h"

namespace sallyport {

/// Letters and digits of any script, `-`, `_` and `.`, 1 to 63 characters, starting with a letter or digit: it must be
/// usable as a host name.
Result<QString> parseDeviceName(QStringView text);
/// 1 to 64 printable characters without `/`, no blanks at the ends.
Result<QString> parseExitName(QStringView text);
/// A DNS domain, without a dot at the end.
Result<QString> parseDomain(QStringView text);

/// `policy.exitDns`, without blanks around it. What it means is ExitDns::parse()'s.
Result<QString> parseExitDns(QStringView text);

/// What must hold between values: unique names and keys, prefixes that belong to one device only, endpoints outside
/// the mesh. Expects each value to be valid by itself.
void checkConfiguration(const Configuration &configuration, Findings &findings);

} // namespace sallyport
