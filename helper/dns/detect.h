// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/dns.h"

#include <QByteArray>

namespace sallyport::dns {

/// What there is to go by, read at one moment. Services that merely run say nothing: only what /etc/resolv.conf holds
/// tells who answers for names.
struct ResolverFacts {
    QString linkTarget; ///< of /etc/resolv.conf, absolute; empty if it is no symbolic link
    QByteArray content; ///< of /etc/resolv.conf, wherever it leads; empty if there is none
    bool resolvedIsThere = false; ///< on the bus, or can be started by it
    QString resolvconfTarget; ///< of the program, if it is a symbolic link
    QByteArray resolvconfVersion; ///< what `resolvconf --version` printed; empty: there is no such program
};

/// /etc/resolv.conf is one of systemd-resolved's own files, or names its stub.
bool isResolvedFile(const ResolverFacts &facts);
/// /etc/resolv.conf is written by some `resolvconf`.
bool isResolvconfFile(const ResolverFacts &facts);

DnsWay detectWay(const ResolverFacts &facts);

} // namespace sallyport::dns
