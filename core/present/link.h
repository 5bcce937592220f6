// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/intent.h"
#include "core/result.h"

#include <optional>

namespace sallyport {

/// How a front end stands with the helper: all that it knows besides the snapshot.
struct Link {
    enum class State {
        Searching, ///< asked, no answer yet
        Connected,
        Lost, ///< it answered before, and is gone
        Absent, ///< nobody has the name and the bus cannot start it
        NoBus,
        OtherVersion,
        Unreadable, ///< it is there but does not tell; `refusal` says why
    };

    State state = State::Searching;
    IntentChange pending; ///< asked for and not answered yet
    std::optional<Error> refusal; ///< of the last request

    bool operator==(const Link &) const = default;
};

} // namespace sallyport
