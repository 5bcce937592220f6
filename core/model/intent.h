// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace sallyport {

/// What the user has switched on.
struct Intent {
    bool home = false;
    bool exit = false;
    QString exitName; ///< the chosen exit; kept while `exit` is off
    bool lockdown = false;
    /// Until then Exit and lockdown count as off, although they stay on. Never kept: whoever starts anew protects.
    std::optional<std::chrono::sys_seconds> pausedUntil{};

    bool operator==(const Intent &) const = default;
};

/// The switches as they act now: while paused, Exit and lockdown are off.
Intent inForce(const Intent &intent);

/// A partial change of the intent, as SetIntent carries it.
struct IntentChange {
    std::optional<bool> home;
    std::optional<bool> exit;
    std::optional<QString> exitName;
    std::optional<bool> lockdown;
    std::optional<quint32> pauseSeconds; ///< 0 ends a pause

    bool operator==(const IntentChange &) const = default;
};

} // namespace sallyport
