// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"
#include "helper/kernel/netlink/links.h"
#include "helper/kernel/nft/foreign_tables.h"

namespace sallyport::others {

/// Looks at what other programs have in the kernel. By netlink only: no program is run, no output is parsed.
class OthersReader {
public:
    explicit OthersReader(netlink::Socket &socket) : m_socket(socket) {}

    /// `observed` is what was seen of us and of the uplinks in the same look.
    Result<Others> read(const std::vector<netlink::Link> &links, const ObservedState &observed);

private:
    Result<std::vector<RouteAnswer>> answers(const ObservedState &observed, const netlink::LinkNames &names);

    netlink::Socket &m_socket;
    nft::ForeignTables m_tables;
};

} // namespace sallyport::others
