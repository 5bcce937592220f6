// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/store.h"

#include "app/client/helper_client.h"

#include <algorithm>

namespace sallyport {

using namespace std::chrono_literals;

namespace {

template<class T>
void overlay(std::optional<T> &under, const std::optional<T> &over)
{
    if (over)
        under = over;
}

void overlay(IntentChange &under, const IntentChange &over)
{
    overlay(under.home, over.home);
    overlay(under.exit, over.exit);
    overlay(under.exitName, over.exitName);
    overlay(under.lockdown, over.lockdown);
    overlay(under.pauseSeconds, over.pauseSeconds);
    overlay(under.path, over.path);
}

/// Has become true by other means: nobody needs to hear any more that it was refused.
bool isFulfilled(const IntentChange &change, const Snapshot &snapshot)
{
    return change.home.value_or(snapshot.home.enabled) == snapshot.home.enabled
        && change.exit.value_or(snapshot.exit.enabled) == snapshot.exit.enabled
        && change.exitName.value_or(snapshot.exit.name) == snapshot.exit.name && !change.lockdown
        && !change.pauseSeconds && !change.path;
}

} // namespace

Store::Store(HelperClient &client, QObject *parent) : QObject(parent), m_client(client)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Store::fetch);
    connect(&m_client, &HelperClient::snapshotChanged, this, &Store::accept);
    connect(&m_client, &HelperClient::availabilityChanged, this, &Store::helperChanged);
}

void Store::start()
{
    fetch();
}

void Store::request(const IntentChange &change)
{
    const quint64 number = ++m_lastNumber;
    m_requests.push_back({number, change});
    m_link.refusal.reset();
    updatePending();
    m_client.setIntent(change, this, [this, number](const Result<Done> &answer) { answered(number, answer); });
    Q_EMIT changed();
}

void Store::dismissRefusal()
{
    m_link.refusal.reset();
    Q_EMIT changed();
}

void Store::showRefusal(const Error &error)
{
    m_link.refusal = error;
    m_refused = {};
    Q_EMIT changed();
}

void Store::fetch()
{
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &answer) { fetched(answer); });
}

void Store::fetched(const Result<Snapshot> &answer)
{
    if (answer)
        return accept(*answer);
    m_link.state = stateAfter(answer.error());
    m_link.refusal = answer.error();
    m_refused = {};
    // A helper that comes by itself announces itself; one that is there and silent does not.
    if (m_link.state == Link::State::Unreadable)
        m_retry.start(5s);
    Q_EMIT changed();
}

/// Signals and answers may cross: the highest revision is the newest.
void Store::accept(const Snapshot &snapshot)
{
    if (!m_isFirst && snapshot.revision < m_snapshot.revision)
        return;
    const bool wasConnected = m_link.state == Link::State::Connected;
    m_isFirst = false;
    m_wasConnected = true;
    m_snapshot = snapshot;
    m_link.state = Link::State::Connected;
    const bool isStaleRefusal = m_refused == IntentChange{} ? !wasConnected : isFulfilled(m_refused, snapshot);
    if (m_link.refusal && isStaleRefusal)
        m_link.refusal.reset();
    Q_EMIT changed();
}

/// The snapshot of an accepted request came before its answer, so there is nothing left to wait for.
void Store::answered(quint64 number, const Result<Done> &answer)
{
    IntentChange change;
    std::erase_if(m_requests, [&](const Request &request) {
        if (request.number != number)
            return false;
        change = request.change;
        return true;
    });
    updatePending();
    if (!answer && answer.error().code != Errc::Superseded) {
        m_link.refusal = answer.error();
        m_refused = change;
    }
    Q_EMIT changed();
}

void Store::helperChanged(bool available)
{
    m_isFirst = true;
    if (!available)
        m_link.state = m_wasConnected ? Link::State::Lost : Link::State::Absent;
    else if (m_link.state != Link::State::Connected)
        m_link.state = Link::State::Searching;
    // Also when it has left: asking starts it again where the bus can.
    m_retry.start(available ? 0s : delayAfterLoss());
    Q_EMIT changed();
}

Link::State Store::stateAfter(const Error &error) const
{
    if (!m_client.isConnected())
        return Link::State::NoBus;
    if (error.code == Errc::UnsupportedRequirement)
        return Link::State::OtherVersion;
    if (error.code != Errc::HelperUnavailable)
        return Link::State::Unreadable;
    return m_wasConnected ? Link::State::Lost : Link::State::Absent;
}

/// One that keeps dying is asked for less and less often.
std::chrono::seconds Store::delayAfterLoss()
{
    const bool again = m_sinceLoss.isValid() && std::chrono::milliseconds(m_sinceLoss.elapsed()) < 2 * m_delay + 10s;
    m_sinceLoss.start();
    m_delay = again ? std::min<std::chrono::seconds>(2 * m_delay, 60s) : 1s;
    return m_delay;
}

void Store::updatePending()
{
    m_link.pending = {};
    for (const Request &request : m_requests)
        overlay(m_link.pending, request.change);
}

} // namespace sallyport
