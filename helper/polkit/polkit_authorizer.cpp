// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/polkit/polkit_authorizer.h"

#include "helper/polkit/polkit_verdict.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <algorithm>
#include <vector>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kBusPatienceMs = 5000;

} // namespace

PolkitAuthorizer::PolkitAuthorizer(QDBusConnection bus, AuthorizationLimits limits)
    : m_bus(std::move(bus)), m_limits(limits)
{
    m_callers.setConnection(m_bus);
    m_callers.setWatchMode(QDBusServiceWatcher::WatchForUnregistration);
    connect(&m_callers, &QDBusServiceWatcher::serviceUnregistered, this, &PolkitAuthorizer::callerLeft);
    m_deadline.setSingleShot(true);
    m_deadline.setTimerType(Qt::PreciseTimer);
    connect(&m_deadline, &QTimer::timeout, this, &PolkitAuthorizer::expireDue);
}

void PolkitAuthorizer::authorize(Action action, const QString &busName, Answer answer)
{
    const quint64 request = m_next++;
    if (const Result<Done> admitted = admit(busName); !admitted) {
        const Error error = admitted.error();
        QMetaObject::invokeMethod(
            this, [answer = std::move(answer), error] { answer(error); }, Qt::QueuedConnection);
        return;
    }
    m_requests.emplace(request,
        Request{action, busName, std::move(answer), QDeadlineTimer(m_limits.patience, Qt::PreciseTimer), false});
    m_callers.addWatchedService(busName);
    if (!m_deadline.isActive())
        awaitNextDeadline();
    identify(request);
}

Result<Done> PolkitAuthorizer::admit(const QString &busName) const
{
    if (!busName.startsWith(u':'))
        return Error{Errc::NotAuthorized, u"Not authorised: the caller has no name on the bus."_s, {}};
    const auto ofCaller = std::count_if(
        m_requests.begin(), m_requests.end(), [&](const auto &entry) { return entry.second.busName == busName; });
    if (ofCaller >= m_limits.perCaller)
        return Error{Errc::LimitExceeded, u"Too many requests of this program wait for authorisation already."_s, {}};
    if (qsizetype(m_requests.size()) >= m_limits.inAll)
        return Error{Errc::LimitExceeded, u"Too many requests wait for authorisation already; try again later."_s, {}};
    return Done{};
}

/// The watch was set up before, on the same connection: a caller that is gone by now is either reported by the
/// watcher or unknown here.
void PolkitAuthorizer::identify(quint64 request)
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus"_s, u"GetConnectionUnixUser"_s);
    call << m_requests.at(request).busName;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call, kBusPatienceMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, request](QDBusPendingCallWatcher *finished) {
        finished->deleteLater();
        identified(request, finished);
    });
}

void PolkitAuthorizer::identified(quint64 request, QDBusPendingCallWatcher *call)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
        return;
    const QDBusPendingReply<uint> user = *call;
    if (user.isError()) {
        if (user.error().name() == u"org.freedesktop.DBus.Error.NameHasNoOwner"_s)
            forget(request);
        else
            settle(request, polkitUnavailable(user.error().message()));
        return;
    }
    if (user.value() == 0) {
        settle(request, Done{});
        return;
    }
    found->second.asked = true;
    ask(request, actionId(found->second.action), found->second.busName);
}

void PolkitAuthorizer::settle(quint64 request, const Result<Done> &result)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
        return;
    const Answer answer = std::move(found->second.answer);
    found->second.asked = false;
    forget(request);
    answer(result);
}

void PolkitAuthorizer::expire(quint64 request)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end())
        return;
    if (found->second.asked)
        abandon(request);
    settle(request, Error{Errc::TimedOut, u"Nobody answered the request for authorisation in time."_s, {}});
}

void PolkitAuthorizer::expireDue()
{
    while (!m_requests.empty() && m_requests.begin()->second.deadline.hasExpired())
        expire(m_requests.begin()->first);
    awaitNextDeadline();
}

/// A request that ends early leaves the timer alone: it finds nothing due then and waits for the next one.
void PolkitAuthorizer::awaitNextDeadline()
{
    if (m_requests.empty())
        return;
    const std::chrono::nanoseconds left = m_requests.begin()->second.deadline.remainingTimeAsDuration();
    m_deadline.start(std::chrono::ceil<std::chrono::milliseconds>(left));
}

void PolkitAuthorizer::callerLeft(const QString &busName)
{
    std::vector<quint64> orphans;
    for (const auto &[request, details] : m_requests) {
        if (details.busName == busName)
            orphans.push_back(request);
    }
    for (const quint64 request : orphans)
        forget(request);
}

void PolkitAuthorizer::forget(quint64 request)
{
    const auto found = m_requests.find(request);
    const QString busName = found->second.busName;
    const bool asked = found->second.asked;
    m_requests.erase(found);
    if (asked)
        abandon(request);
    const bool lastOfCaller = std::none_of(
        m_requests.begin(), m_requests.end(), [&](const auto &entry) { return entry.second.busName == busName; });
    if (lastOfCaller)
        m_callers.removeWatchedService(busName);
}

} // namespace sallyport
