// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <QString>

#include <optional>
#include <vector>

namespace sallyport {

/// A person's word about one way to a device.
struct PathPreference {
    QString device;
    HostEndpoint address; ///< as the configuration writes it, or a numeric one that was learned
    Preference use = Preference::None;

    bool operator==(const PathPreference &) const = default;
};

/// What the user has switched on.
struct Intent {
    bool home = false;
    bool exit = false;
    QString exitName; ///< the chosen exit; kept while `exit` is off
    bool lockdown = false;
    std::vector<PathPreference> paths = {}; ///< sorted by device and address; none of them Preference::None

    bool operator==(const Intent &) const = default;
};

/// A partial change of the intent, as SetIntent carries it.
struct IntentChange {
    std::optional<bool> home;
    std::optional<bool> exit;
    std::optional<QString> exitName;
    std::optional<bool> lockdown;
    std::optional<quint32> pauseSeconds; ///< 0 ends a pause
    std::optional<PathPreference> path; ///< Preference::None takes one back

    bool operator==(const IntentChange &) const = default;
};

} // namespace sallyport
