// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/support/private_bus.h"

#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QProcess>
#include <QTest>

namespace sallyport::test {

struct ProbeLimits {
    int patienceMs = 20000;
    int perCaller = 4;
    int inAll = 32;
};

/// A private bus with nothing on it but a probe: a service that only authorizes.
class AuthorizationWorld {
public:
    /// `way` is `qt` or `dbus`. isValid() is false if this build has no such back end.
    explicit AuthorizationWorld(const QString &way, const ProbeLimits &limits = {})
    {
        m_probe.setProcessEnvironment(bus.environment());
        m_probe.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_probe.setChildProcessModifier(endWithParent);
        m_probe.start(QStringLiteral(AUTHORIZATION_PROBE),
            {way, QString::number(limits.patienceMs), QString::number(limits.perCaller),
                QString::number(limits.inAll)});
        m_valid = m_probe.waitForReadyRead(10000) && m_probe.readLine() == "ready\n";
    }
    ~AuthorizationWorld()
    {
        m_probe.terminate();
        if (!m_probe.waitForFinished(10000))
            m_probe.kill();
    }
    AuthorizationWorld(const AuthorizationWorld &) = delete;
    AuthorizationWorld &operator=(const AuthorizationWorld &) = delete;

    bool isValid() const { return m_valid; }
    /// Empty, or why the program under test is no longer well.
    bool probeRuns() { return !m_probe.waitForFinished(0) && m_probe.state() == QProcess::Running; }

    static QDBusPendingCall authorize(Caller &caller, const char *action)
    {
        QDBusMessage call = probeCall(QStringLiteral("Authorize"));
        call << QString::fromLatin1(action);
        return caller.bus().asyncCall(call, 60000);
    }
    static QDBusPendingCall ping(Caller &caller) { return caller.bus().asyncCall(probeCall(QStringLiteral("Ping"))); }
    /// How many answers the authorizer has given.
    static int answered(Caller &caller)
    {
        return caller.bus().call(probeCall(QStringLiteral("Answered"))).arguments().value(0).toInt();
    }

    PrivateBus bus;

private:
    static QDBusMessage probeCall(const QString &method)
    {
        return QDBusMessage::createMethodCall(QStringLiteral("org.sallyport.Helper"),
            QStringLiteral("/org/sallyport/Helper"), QStringLiteral("org.sallyport.Helper1"), method);
    }

    QProcess m_probe;
    bool m_valid = false;
};

/// For initTestCase_data(): each test runs with both back ends.
inline void addWays()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("dbus") << QStringLiteral("dbus");
    QTest::newRow("qt") << QStringLiteral("qt");
}

inline constexpr char kNotAuthorized[] = "org.sallyport.Error.NotAuthorized";
inline constexpr char kUnavailable[] = "org.sallyport.Error.AuthorizationUnavailable";
inline constexpr char kConfigure[] = "org.sallyport.configure";
inline constexpr char kToggle[] = "org.sallyport.toggle";
inline constexpr char kLockdown[] = "org.sallyport.lockdown";

} // namespace sallyport::test
