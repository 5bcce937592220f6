// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace sallyport::test {

/// A message bus for one test, with its own configuration: no session bus, no root needed. Exists as long as the object.
class TestBus {
public:
    /// With `activatable`, calling org.sallyport.Helper starts the fake helper with these arguments.
    explicit TestBus(const QStringList &activatable = {});
    ~TestBus();
    TestBus(const TestBus &) = delete;
    TestBus &operator=(const TestBus &) = delete;

    QString address() const { return m_address; }
    /// A new connection; closed with the bus.
    QDBusConnection connect();
    void kill();

private:
    QTemporaryDir m_folder;
    QProcess m_daemon;
    QString m_address;
    QStringList m_connections;
};

/// The fake helper as a process on a bus, and what a test says to it. The constructor returns when it owns its name.
class FakeHelperProcess {
public:
    explicit FakeHelperProcess(TestBus &bus, const QStringList &arguments = {});
    ~FakeHelperProcess();
    FakeHelperProcess(const FakeHelperProcess &) = delete;
    FakeHelperProcess &operator=(const FakeHelperProcess &) = delete;

    void play(const QString &scenario);
    void release(bool reversed = false);
    void emitGarbage();
    void emitOld();
    void emitCounters(qulonglong receivedBytes);
    void shakeHands();
    QStringList devices();
    /// What reached it over the bus, in order.
    QStringList log();
    qsizetype count(const QString &entry) { return log().count(entry); }
    void kill();

private:
    QVariantList call(const QString &method, const QVariantList &arguments = {});

    QDBusConnection m_bus;
    QProcess m_process;
};

/// Makes a private bus the session or system bus of programs that the test starts.
QProcessEnvironment environmentWith(const QString &sessionAddress, const QString &systemAddress);

} // namespace sallyport::test
