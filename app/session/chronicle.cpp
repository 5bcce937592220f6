// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/chronicle.h"

namespace sallyport {

Chronicle::Chronicle(Store &store, QObject *parent) : QObject(parent), m_store(store)
{
    m_clock.start();
    connect(&m_store, &Store::changed, this, &Chronicle::follow);
}

/// The store also speaks up when only a request or the link has changed.
void Chronicle::follow()
{
    const Link before = std::exchange(m_link, m_store.link());
    record(changesBetween(before.state, m_link.state));
    if (m_link.state == Link::State::Connected && (!m_snapshot || *m_snapshot != m_store.snapshot()))
        followSnapshot();
}

void Chronicle::followSnapshot()
{
    const Snapshot &now = m_store.snapshot();
    const std::chrono::milliseconds at(m_clock.elapsed());
    m_home = withSample(std::move(m_home), homeCounters(now, at));
    m_exit = withSample(std::move(m_exit), exitCounters(now, at));
    m_lastLook = QDateTime::currentDateTime();
    m_moments = withMoment(std::move(m_moments), {m_lastLook, pictureOf(now)});
    const std::vector<Change> changes = m_snapshot ? changesBetween(*m_snapshot, now) : std::vector<Change>();
    m_snapshot = now;
    record(changes);
}

void Chronicle::record(const std::vector<Change> &changes)
{
    if (changes.empty())
        return;
    const QDateTime now = QDateTime::currentDateTime();
    for (const Change &change : changes)
        m_entries.push_back({now, change});
    if (m_entries.size() > kMostEntries)
        m_entries.erase(m_entries.begin(), m_entries.end() - static_cast<std::ptrdiff_t>(kMostEntries));
    Q_EMIT happened(changes);
}

} // namespace sallyport
