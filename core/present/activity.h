// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <QDateTime>

#include <vector>

/// What changed, in sentences. Pure.
namespace sallyport {

enum class Topic { Home, Exit, Guard, Device, Other };

struct Change {
    Topic topic = Topic::Other;
    QString sentence;
    QString device; ///< of Topic::Device

    bool operator==(const Change &) const = default;
};

struct ActivityEntry {
    QDateTime at;
    Change change;

    bool operator==(const ActivityEntry &) const = default;
};

/// What a person would want to be told, in the order of cause and effect. Counters and ages of handshakes are no change.
std::vector<Change> changesBetween(const Snapshot &before, const Snapshot &after);

} // namespace sallyport
