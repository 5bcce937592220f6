// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/name_question.h"

#include <QStringList>

#include <optional>

namespace sallyport {

enum class Support { Yes, No, Unknown };

/// What this machine says of itself without any privilege.
struct SystemFacts {
    QString kernelRelease;
    Support wireguardModule = Support::Unknown;
    Support nftables = Support::Unknown;
    bool hasTunDevice = false;
    QString wireguardGo; ///< path; empty: not found
    QString resolvConf; ///< text of /etc/resolv.conf
    QString resolvConfTarget; ///< where it points to, if it is a link
    QStringList interfaces;
    std::vector<NameServerAnswer> nameServers; ///< who was asked, by askNameServers()
};

SystemFacts readSystemFacts();

enum class ResolverKind { Resolved, NetworkManager, Resolvconf, File, None };
ResolverKind resolverKind(const QString &text, const QString &target);

} // namespace sallyport
