// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "tests/support/fake_polkit.h"
#include "tests/support/polkit_daemon.h"
#include "tests/support/private_bus.h"

#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusUnixFileDescriptor>

#include <optional>

namespace sallyport::test {

/// The real helper on a private bus, in a network namespace of its own and with folders of its own in place of /etc
/// and /run. Nothing of this machine is changed.
class HelperWorld {
public:
    HelperWorld();
    ~HelperWorld();
    HelperWorld(const HelperWorld &) = delete;
    HelperWorld &operator=(const HelperWorld &) = delete;

    /// Starts it (again) with the same folders.
    void start();
    /// SIGKILL: nothing is cleaned up.
    void kill();
    bool runs();

    static QDBusPendingCall call(Caller &caller, const QString &method, const QVariantList &arguments = {});
    static QDBusPendingCall configure(Caller &caller, const QVariantMap &configuration);
    static QDBusPendingCall provide(Caller &caller, const QString &name, const SecretKey &key);

    /// What a program prints in the helper's network namespace.
    QByteArray inside(const QStringList &command) const;
    /// Everything that the helper could have changed: links, addresses, rules, routes, nftables, /etc/hosts.
    QByteArray system() const;

    PrivateBus bus;

private:
    void prepareFolders();

    QTemporaryDir m_root;
    QProcess m_namespace; ///< keeps the network namespace while the helper is dead
    QProcess m_helper;
};

/// A memfd with the text, sealed as asked.
QDBusUnixFileDescriptor memfdWith(const QByteArray &text, unsigned seals);

/// One home with one device, and one provider.
QVariantMap smallConfiguration();
/// The keys that it needs.
struct SmallSecrets {
    SecretKey home = SecretKey::generatePrivate();
    SecretKey exit = SecretKey::generatePrivate();
};

} // namespace sallyport::test
