// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_policy.h"
#include "core/path/path_values.h"

namespace sallyport {

/// How long one stays with a path before another that is merely better is taken.
class Damping {
public:
    void noteSwitch(PathTime now, const PathPolicy &policy);
    /// None: at once.
    std::optional<PathTime> notBefore(PathTime now, const PathPolicy &policy) const;
    /// Switched so often lately that even what is usually taken at once has to wait.
    bool isRestless(PathTime now, const PathPolicy &policy) const;

private:
    std::vector<PathTime> m_switches; ///< in the window before the last one
    std::chrono::seconds m_dwell{0};
};

} // namespace sallyport
