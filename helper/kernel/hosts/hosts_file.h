// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/desired_state.h"

namespace sallyport::hosts {

/// Our block in the hosts file.
class HostsFile {
public:
    explicit HostsFile(QString path) : m_path(std::move(path)) {}

    Result<std::vector<HostName>> read() const;
    /// Replaces the block; no names remove it. Does not touch a file that says so already.
    Result<Done> write(const std::vector<HostName> &names) const;

private:
    QString m_path;
};

} // namespace sallyport::hosts
