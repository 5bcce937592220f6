// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>

#include <map>
#include <vector>

namespace sallyport::test {

/// Stands in for systemd-resolved: keeps what it is told of each link, as the real one does, and forgets it when it
/// starts anew.
class FakeResolved : public QDBusVirtualObject {
    Q_OBJECT

public:
    enum class Mood {
        Fine,
        Silent, ///< takes every call and answers none
        Busy, ///< says that each link is systemd-networkd's
        Old, ///< systemd 245: servers without names
    };
    /// `servers` and `domains` as texts: `10.64.0.1`, `9.9.9.9#name`; `.` or `~.` for search or routing.
    struct Link {
        QStringList servers;
        QStringList domains;
        bool defaultRoute = false;
        QString llmnr = QStringLiteral("yes");
        QString multicastDns = QStringLiteral("yes");
        QString dnssec = QStringLiteral("allow-downgrade");
        QString tls = QStringLiteral("opportunistic");

        bool operator==(const Link &) const = default;
    };

    /// `bus` must be a connection that only the fake uses; it is closed with it.
    explicit FakeResolved(const QDBusConnection &bus);
    ~FakeResolved() override;

    void setMood(Mood mood) { m_mood = mood; }
    /// Leaves the bus for a moment, and has forgotten everything.
    void startAnew();
    /// The links that were set, by interface index.
    std::map<int, Link> links;
    int flushes = 0;
    /// How many links at most were asked for everything at any one moment.
    qsizetype mostOwners = 0;

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;
    QString introspect(const QString &path) const override;

private:
    QDBusMessage answer(const QDBusMessage &message);
    QDBusMessage answerManager(const QDBusMessage &message);
    QVariantMap propertiesOf(int index) const;

    QDBusConnection m_bus;
    Mood m_mood = Mood::Fine;
};

} // namespace sallyport::test
