// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"

#include <functional>
#include <map>

namespace sallyport::mesh {

/// Which questions to the helper have not been answered yet. Every one is settled exactly once: by its answer, or by
/// nothing when its time is over or the helper is gone.
class PendingRequests {
public:
    using Settle = std::function<void(const meshlink::ToMesh *answer)>;

    /// The number to send with the question.
    quint32 add(PathTime until, Settle settle);
    /// Whether it was an answer, or a part of one; late ones belong to nobody and count too.
    bool take(const meshlink::ToMesh &message);
    void expire(PathTime now);
    void giveUp();
    std::optional<PathTime> firstLimit() const;

private:
    struct Pending {
        PathTime until;
        Settle settle;
        meshlink::Stats gathered;
    };
    void settle(quint32 request, const meshlink::ToMesh *answer);
    void takeStats(const meshlink::Stats &part);

    std::map<quint32, Pending> m_pending;
    quint32 m_last = 0;
};

} // namespace sallyport::mesh
