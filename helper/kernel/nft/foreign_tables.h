// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/others.h"
#include "helper/kernel/netlink/socket.h"

namespace sallyport::nft {

/// Other programs' nftables tables, read straight from the kernel. Read again only when the kernel's generation number
/// says that something changed, since others may have thousands of rules.
class ForeignTables {
public:
    ForeignTables() : m_socket(NETLINK_NETFILTER) {}

    /// At most 64, sorted by family and name. None where the kernel has no nftables.
    Result<std::vector<ForeignTable>> observe();

private:
    Result<std::optional<quint32>> generation();
    Result<Done> readTables();
    Result<Done> readChains();
    Result<Done> readRules(ForeignTable &table);

    netlink::Socket m_socket;
    std::optional<quint32> m_generation;
    std::vector<ForeignTable> m_tables;
};

} // namespace sallyport::nft
