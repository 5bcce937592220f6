// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"

namespace sallyport::test {

/// A key that is no point anybody knows the secret of; WireGuard does not ask.
PublicKey publicKey(quint32 number);
Prefix prefix(const QString &text);
PeerChange peer(quint32 number, const QString &endpoint = {}, const QStringList &allowedIps = {});
ConfigureWireGuard configure(const QString &link, std::vector<PeerChange> peers = {});

/// A line of `wg show <link> dump`: the device, or a peer.
QList<QByteArrayList> dump(const QString &link);
QByteArrayList dumpedPeer(const QString &link, const PublicKey &key);
QByteArrayList sorted(QByteArrayList list);

/// The process that serves the user-space device; 0 if there is none.
int serverOf(const QString &link);

} // namespace sallyport::test
