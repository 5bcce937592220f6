// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/authorizer.h"

#include <QDBusServiceWatcher>
#include <QDeadlineTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>

class QDBusPendingCallWatcher;

namespace sallyport {

struct AuthorizationLimits {
    qsizetype perCaller = 16;
    qsizetype inAll = 64;
    std::chrono::milliseconds patience = std::chrono::seconds(120); ///< a person may be typing a password
};

/// What both ways of asking polkit share: every request belongs to its caller's unique name and ends when that name
/// leaves the bus; there is a limit to how many wait, and for how long. Root is allowed without asking polkit (which
/// would allow it without looking at the action), so that a machine without polkit can still be administered.
class PolkitAuthorizer : public QObject, public Authorizer {
    Q_OBJECT

public:
    PolkitAuthorizer(QDBusConnection bus, AuthorizationLimits limits);
    void authorize(Action action, const QString &busName, Answer answer) override;

protected:
    /// Asks polkit without blocking; the outcome goes to settle(), in any later turn of the event loop.
    virtual void ask(quint64 request, const QString &action, const QString &busName) = 0;
    /// Nobody waits for this request any more. A late settle() is ignored.
    virtual void abandon(quint64 request) = 0;
    void settle(quint64 request, const Result<Done> &result);
    const QDBusConnection &bus() const { return m_bus; }
    const AuthorizationLimits &limits() const { return m_limits; }

private:
    struct Request {
        Action action;
        QString busName;
        Answer answer;
        QDeadlineTimer deadline;
        bool asked = false; ///< polkit knows of it
    };

    Result<Done> admit(const QString &busName) const;
    void identify(quint64 request);
    void identified(quint64 request, QDBusPendingCallWatcher *call);
    void expire(quint64 request);
    void expireDue();
    void awaitNextDeadline();
    void callerLeft(const QString &busName);
    void forget(quint64 request);

    QDBusConnection m_bus;
    AuthorizationLimits m_limits;
    QDBusServiceWatcher m_callers;
    std::map<quint64, Request> m_requests; ///< in order of their deadlines: all have the same patience
    QTimer m_deadline; ///< of the first request
    quint64 m_next = 1;
};

} // namespace sallyport
