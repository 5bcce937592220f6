// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/network_state.h"

#include <QByteArrayList>

/// Words of the nftables language (nft(8)) that our tables share.
namespace sallyport {

QByteArray hexText(quint32 value);
/// `meta mark & 0xff000000 == 0xa2000000`: only our bits are looked at.
QByteArray ofMark(quint32 mark);
/// An interface name as a string. The kernel allows quotation marks in names; nft has no way to write them, so such a
/// name never matches.
QByteArray quoted(const QString &interfaceName);
/// `definition` as in `type ifname;`.
QByteArray setText(const char *name, const char *definition, const QByteArrayList &elements);
/// The set `tunnels`: our two links.
QByteArray tunnelSet();
/// The whole table, with a hash of `body` as the version in its comment.
Table tableOf(const char *name, const QByteArray &body);

} // namespace sallyport
