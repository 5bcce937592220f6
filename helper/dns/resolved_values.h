// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/dns.h"

#include <QDBusArgument>
#include <QVariantMap>

#include <optional>

/// The structures of org.freedesktop.resolve1(5).
namespace sallyport::dns {

struct ResolvedServer { ///< (iay), or (iayqs) with port and name
    int family = 0;
    QByteArray address;
    quint16 port = 0;
    QString name;
};

struct ResolvedDomain { ///< (sb)
    QString domain;
    bool routingOnly = false;
};

struct ResolvedLinkDomain { ///< (isb)
    int link = 0;
    QString domain;
    bool routingOnly = false;
};

/// For SetLinkDNS, which knows no names.
struct ResolvedPlainServer {
    int family = 0;
    QByteArray address;
};

void registerResolvedTypes();

QList<ResolvedServer> serversFor(const LinkDns &dns);
QList<ResolvedPlainServer> plainServersFor(const LinkDns &dns);
QList<ResolvedDomain> domainsFor(const LinkDns &dns);

/// What the properties of a link say. Nothing: neither servers nor domains. Without routing domains if anything else
/// about the link is not as we set it: an answer like that has to be written again.
std::optional<LinkDns> linkDnsIn(const QString &link, const QVariantMap &properties);

QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedServer &value);
const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedServer &value);
QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedPlainServer &value);
const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedPlainServer &value);
QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedDomain &value);
const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedDomain &value);
QDBusArgument &operator<<(QDBusArgument &argument, const ResolvedLinkDomain &value);
const QDBusArgument &operator>>(const QDBusArgument &argument, ResolvedLinkDomain &value);

} // namespace sallyport::dns

Q_DECLARE_METATYPE(sallyport::dns::ResolvedServer)
Q_DECLARE_METATYPE(sallyport::dns::ResolvedPlainServer)
Q_DECLARE_METATYPE(sallyport::dns::ResolvedDomain)
Q_DECLARE_METATYPE(sallyport::dns::ResolvedLinkDomain)
