// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/dns.h"
#include "core/result.h"

#include <QDBusConnection>
#include <QDBusMessage>

#include <chrono>
#include <map>
#include <optional>

namespace sallyport::dns {

/// systemd-resolved, link by link. What is set lives in its memory: it is gone when resolved starts anew or the link
/// goes. Every call is bounded by a second; after a call without an answer nothing is asked for a while.
class Resolved {
public:
    explicit Resolved(QDBusConnection bus);

    /// Owns its name, can be started by the bus, or was there before: one that restarts is not one that is missing.
    bool isThere();
    /// Nothing: the link is not there, or has neither servers nor domains.
    Result<std::optional<LinkDns>> get(const QString &link);
    Result<Done> set(const LinkDns &dns);
    /// What the link was before us. A link that is gone is no error.
    Result<Done> revert(const QString &link);
    /// Links that are not ours and are asked for every name too.
    QStringList rivals(const QStringList &ours);
    /// Somebody came or went: it may answer again.
    void forgetSilence() { m_silentUntil = {}; }

private:
    using Clock = std::chrono::steady_clock;

    QDBusMessage ask(const QDBusMessage &call);
    Result<QDBusMessage> manager(const QString &method, const QVariantList &arguments);
    Result<Done> setServers(int index, const LinkDns &dns);
    Result<QVariantMap> properties(int index);

    QDBusConnection m_bus;
    bool m_seen = false;
    Clock::time_point m_silentUntil{};
    std::map<int, QString> m_paths; ///< of links that were asked for
};

} // namespace sallyport::dns
