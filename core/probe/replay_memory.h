// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <deque>
#include <set>

namespace sallyport {

/// Which probes were heard lately, by their nonces. Only for what a peer has sealed: garbage must not push out what counts.
class ReplayMemory {
public:
    using Nonce = std::array<quint8, 24>;

    static constexpr std::size_t kMost = 4096; ///< then the oldest is forgotten
    static constexpr std::chrono::seconds kLifetime{120};

    /// Whether it is heard for the first time; it is not from now on.
    bool isNew(const Nonce &nonce, PathTime now);
    std::size_t size() const { return m_heard.size(); }

private:
    void forget(PathTime now);

    std::set<Nonce> m_heard;
    std::deque<std::pair<PathTime, Nonce>> m_order; ///< oldest first
};

} // namespace sallyport
