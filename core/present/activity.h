// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/link.h"
#include "core/present/preferences.h"

#include <QDateTime>

#include <vector>

/// What changed, in sentences. Pure.
namespace sallyport {

enum class Topic { Home, Exit, Guard, Device, Other };

/// Whether a person may want to be told at once.
enum class NoticeKind { None, Blocked, ExitChanged, DeviceJoined, ServiceLost };

struct Change {
    Topic topic = Topic::Other;
    QString sentence;
    NoticeKind notice = NoticeKind::None;

    bool operator==(const Change &) const = default;
};

struct ActivityEntry {
    QDateTime at;
    Change change;

    bool operator==(const ActivityEntry &) const = default;
};

/// What a person would want to be told, in the order of cause and effect. Counters and ages of handshakes are no change.
std::vector<Change> changesBetween(const Snapshot &before, const Snapshot &after);
/// Of the background service itself.
std::vector<Change> changesBetween(Link::State before, Link::State after);

bool isWanted(const Change &change, const Notices &notices);

} // namespace sallyport
