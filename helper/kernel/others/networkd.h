// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

namespace sallyport::others {

/// Whether systemd-networkd runs and would delete our rules when it starts or sets up a network (systemd#19106): its default, unless
/// a drop-in such as the one that we install says otherwise. `root` is prefixed to every path.
bool networkdDeletesRules(const QString &root = {});

} // namespace sallyport::others
