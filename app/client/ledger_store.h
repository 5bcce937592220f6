// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/mesh_client.h"

namespace sallyport {

/// What meshd last said of the ways to devices, while somebody looks. Empty: it does not run.
class LedgerStore : public QObject {
    Q_OBJECT

public:
    explicit LedgerStore(const QDBusConnection &bus, QObject *parent = nullptr);

    void watch(bool on);
    const MeshClient::Ledger &ledger() const { return m_ledger; }

Q_SIGNALS:
    void changed();

private:
    void fetch();

    MeshClient m_client;
    MeshClient::Ledger m_ledger;
    bool m_isWatched = false;
    bool m_isAsking = false;
    bool m_isOutdated = false; ///< it changed while we asked
};

} // namespace sallyport
