// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/others.h"
#include "helper/kernel/netlink/socket.h"

namespace sallyport::netlink {

/// Somebody else's policy rule, the kernel's own included; none for ours.
std::optional<ForeignRule> parseForeignRule(const nlmsghdr *message);

/// Both families, sorted by preference, at most 256 of them: those that are looked at first.
Result<std::vector<ForeignRule>> foreignRules(Socket &socket);

} // namespace sallyport::netlink
