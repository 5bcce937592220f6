// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"
#include "helper/handle.h"

#include <QDBusConnection>
#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace sallyport::dns {

/// Tells when the system's resolver may no longer be what we made of it: systemd-resolved came or went, NetworkManager
/// set names anew or changed its state, /etc/resolv.conf was written. Whoever is told compares.
class ResolverWatch : public QObject {
    Q_OBJECT

public:
    ResolverWatch(QDBusConnection bus, QString resolvConf, QObject *parent = nullptr);

    /// What cannot be watched is no error; it is logged and looked at every now and then anyway.
    void start();

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void tell();
    void nameOwnerChanged(const QString &name, const QString &before, const QString &after);

private:
    bool watchFolder();
    void readEvents();

    QDBusConnection m_bus;
    QString m_resolvConf;
    FileHandle m_inotify;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sallyport::dns
