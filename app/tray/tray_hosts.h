// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusVariant>
#include <QObject>

namespace sallyport {

/// Whether anybody shows tray icons now: a StatusNotifier host on the session bus, or, on X11, an XEmbed tray.
/// QSystemTrayIcon looks once per process and remembers what it saw, so it must not be asked before this says yes.
class TrayHosts : public QObject {
    Q_OBJECT

public:
    explicit TrayHosts(const QDBusConnection &session, QObject *parent = nullptr);

    void start();
    bool isPresent() const { return m_isPresent; }

Q_SIGNALS:
    /// Emitted for every look that was taken, also when nothing is different: the first one is an answer, too.
    void looked(bool isPresent);

private Q_SLOTS:
    void look();

private:
    void found(bool statusNotifierHost);

    QDBusConnection m_session;
    bool m_isPresent = false;
};

} // namespace sallyport
