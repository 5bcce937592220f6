// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <sys/types.h>

namespace sallyport::test {

/// Why the tests that need several users, namespaces and polkitd cannot run here; empty if they can.
QString privateBusObstacle();

/// For QProcess::setChildProcessModifier: what a test starts must not outlive a test that crashes.
void endWithParent();

/// A bus with the rules of the system bus (nobody may call or own anything without a policy file), our own policy
/// file and polkit's. It exists as long as the object.
class PrivateBus {
public:
    PrivateBus();
    ~PrivateBus();
    PrivateBus(const PrivateBus &) = delete;
    PrivateBus &operator=(const PrivateBus &) = delete;

    QString address() const;
    /// For programs under test.
    QProcessEnvironment environment() const;
    /// A new connection, as that user (effective while connecting, which is when the bus looks).
    QDBusConnection connectAs(uid_t user) const;
    bool hasOwner(const QString &name) const;
    /// A folder that every user can read, removed with the bus.
    QString folder() const { return m_folder.path(); }
    void stop();

private:
    QTemporaryDir m_folder;
    QProcess m_daemon;
};

/// One connection to the bus that somebody can close, as a program that ends does.
class Caller {
public:
    Caller(const PrivateBus &bus, uid_t user) : m_bus(bus.connectAs(user)) {}
    ~Caller() { leave(); }
    Caller(const Caller &) = delete;
    Caller &operator=(const Caller &) = delete;

    QDBusConnection &bus() { return m_bus; }
    QString name() const { return m_bus.baseService(); }
    void leave();

private:
    QDBusConnection m_bus;
};

inline constexpr uid_t kRoot = 0;
inline constexpr uid_t kSomebody = 65534; ///< `nobody`: known to every system
inline constexpr uid_t kSomebodyElse = 1; ///< `daemon`

} // namespace sallyport::test
