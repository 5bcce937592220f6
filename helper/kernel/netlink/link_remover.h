// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/netlink/links.h"

#include <future>

namespace sallyport::netlink {

/// Deletes interfaces. One is off the list within milliseconds, but the kernel answers only when nothing in it refers to
/// the interface any more, a tenth of a second later. A thread with a socket of its own waits for that answer, so that
/// the next request need not.
class LinkRemover {
public:
    explicit LinkRemover(Links &links) : m_links(links) {}

    /// Done when the interface is off the list: its name and its port are free then. Deleting what is not there is no error.
    Result<Done> remove(const Link &link);

private:
    Links &m_links;
    std::vector<std::future<Result<Done>>> m_leaving;
};

} // namespace sallyport::netlink
