// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/others.h"
#include "helper/kernel/netlink/links.h"

namespace sallyport::netlink {

/// The default routes of the tables that `rules` lead to; of at most 32 tables, without the system's own and ours.
Result<std::vector<ForeignDefault>> foreignDefaults(
    Socket &socket, const std::vector<ForeignRule> &rules, const LinkNames &names);

} // namespace sallyport::netlink
