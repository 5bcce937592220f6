// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

/// What kinds of interfaces (IFLA_INFO_KIND) there are; names say nothing.
namespace sallyport {

/// Tunnels and the like: packets that leave by it have not left the machine yet.
bool isVirtualKind(const QString &kind);
/// What joins several interfaces into one; its ports are no networks of their own.
bool isJoiningKind(const QString &kind);

} // namespace sallyport
