// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "tests/support/fake_polkit.h"
#include "tests/support/polkit_daemon.h"
#include "tests/support/private_bus.h"

#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusUnixFileDescriptor>

#include <functional>
#include <memory>

namespace sallyport::test {

/// The real helper on a private bus, in network and mount namespaces of its own and with folders of its own in place of
/// /etc and /run. Nothing of this machine is changed.
class HelperWorld {
public:
    /// Runs in a child between fork and exec, so it may make system calls only.
    using InChild = std::function<void()>;

    HelperWorld();
    ~HelperWorld();
    HelperWorld(const HelperWorld &) = delete;
    HelperWorld &operator=(const HelperWorld &) = delete;

    /// Starts it (again) with the same folders.
    void start(const InChild &handicap = {});
    /// SIGKILL: nothing is cleaned up.
    void kill();
    bool runs();
    qint64 processId() const { return m_helper.processId(); }
    QByteArray log() const;

    static QDBusPendingCall call(Caller &caller, const QString &method, const QVariantList &arguments = {});
    static QDBusPendingCall configure(Caller &caller, const QVariantMap &configuration);
    static QDBusPendingCall provide(Caller &caller, const QString &name, const SecretKey &key);

    /// What a program prints in the helper's namespaces.
    QByteArray inside(const QStringList &command) const;
    /// A program that stays there until the object goes.
    std::unique_ptr<QProcess> stay(const QStringList &command, const InChild &first = {}) const;
    /// Everything that the helper could have changed: links, addresses, rules, routes, nftables, WireGuard devices,
    /// settings, /etc/hosts.
    QByteArray system() const;
    /// Names and contents of the state folder.
    QByteArray kept() const;
    /// The helper under test; SALLYPORT_TEST_HELPER names another build of it, such as one with sanitizers.
    static QString program();
    QString stateFolder() const;
    QString runFolder() const;
    /// The path of a file of those namespaces for programs outside of them.
    QString outside(const QString &path) const;

    PrivateBus bus;

private:
    void prepareFolders();
    InChild entry(const InChild &first) const;

    QTemporaryDir m_root;
    QProcess m_namespace; ///< keeps the namespaces while the helper is dead
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
