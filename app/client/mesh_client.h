// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

#include <QDBusConnection>
#include <QObject>

#include <functional>

namespace sallyport {

/// meshd, seen from a front end: a source of more, never needed. Asking does not start it and takes 300 ms at most.
class MeshClient : public QObject {
    Q_OBJECT

public:
    using Ledger = std::vector<LedgerPeer>;
    /// HelperUnavailable: it does not run. TimedOut: it does not answer.
    using LedgerReply = std::function<void(const Result<Ledger> &)>;

    explicit MeshClient(const QDBusConnection &bus, QObject *parent = nullptr);

    /// Answered exactly once, from the event loop, unless `context` is gone by then.
    void fetchLedger(QObject *context, LedgerReply reply);

Q_SIGNALS:
    /// The ledger reads differently now.
    void ledgerChanged();

private:
    QDBusConnection m_bus;
};

} // namespace sallyport
