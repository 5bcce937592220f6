// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/others.h"

/// Other programs by the traces that they leave (plumbing.md sections 2 and 3).
namespace sallyport {

inline constexpr quint32 kTailscaleTable = 52;
inline constexpr quint32 kMullvadTable = 0x6d6f6c65; ///< "mole"; also its mark
inline constexpr quint32 kNetbirdTable = 7120;
inline constexpr quint32 kWgQuickTable = 51820; ///< the first one that is free from here on; also its mark

/// The program that names its interfaces so; empty if nobody known does.
QString programOf(const QString &interface);

/// Who made a rule that leads to `device`: a program, with the interface where that tells more.
QString ownerOf(const ForeignRule &rule, const QString &device, const Others &others);

/// The nftables table, if there is one.
const ForeignTable *findTable(const Others &others, QStringView family, QStringView name);
/// Whether a table of iptables has a chain whose name starts so.
const ForeignTable *findTableWithChain(const Others &others, QStringView prefix);
/// The interface of a program; empty if there is none.
QString linkOf(const Others &others, QStringView prefix);

} // namespace sallyport
