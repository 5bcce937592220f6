// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QtGlobal>

namespace sallyport::meshlink {

/// The second byte of a message. The two directions share no number.
enum class ToMeshKind : quint8 {
    HomeSetup = 0x01,
    PeerSetup,
    HomeGone,
    ProbeArrived,
    Stats,
    Moved,
    Tried,
    ActivitySeen,
};

enum class ToHelperKind : quint8 {
    SendProbe = 0x81,
    ReadStats,
    MoveEndpoint,
    TryEndpoint,
    OnLink,
    WatchActivity,
};

} // namespace sallyport::meshlink
