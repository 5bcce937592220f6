// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/ledger_store.h"

#include <utility>

namespace sallyport {

LedgerStore::LedgerStore(const QDBusConnection &bus, QObject *parent) : QObject(parent), m_client(bus)
{
    connect(&m_client, &MeshClient::ledgerChanged, this, &LedgerStore::fetch);
}

void LedgerStore::watch(bool on)
{
    m_isWatched = on;
    fetch();
}

/// One question at a time, and none while nobody looks.
void LedgerStore::fetch()
{
    m_isOutdated = m_isAsking;
    if (!m_isWatched || m_isAsking)
        return;
    m_isAsking = true;
    m_client.fetchLedger(this, [this](const Result<MeshClient::Ledger> &answer) {
        m_isAsking = false;
        const MeshClient::Ledger before = std::exchange(m_ledger, answer ? *answer : MeshClient::Ledger());
        if (m_ledger != before)
            Q_EMIT changed();
        if (m_isOutdated)
            fetch();
    });
}

} // namespace sallyport
