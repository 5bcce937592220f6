// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/wire/note.h"

#include <QVariantMap>

/// The configuration as plain maps and lists: what JSON files and D-Bus both carry (docs/dbus.md names every key).
/// All validation of foreign configuration happens here, once.
namespace sallyport {

struct DecodedConfiguration {
    Configuration configuration;
    std::vector<Note> notes;
};

/// Limits: 10,000 devices, 1,000 exits, 64 endpoints and 1,000 routes each, strings of 1,024 characters.
/// Unknown keys are ignored unless the list `requires` names them. The error's `place` is a path such as
/// `home.devices[2].endpoints[0].address`.
Result<DecodedConfiguration> decodeConfiguration(const QVariantMap &map);
/// Leaves out what has its default. decode(encode(c)) == c.
QVariantMap encodeConfiguration(const Configuration &configuration);

} // namespace sallyport
