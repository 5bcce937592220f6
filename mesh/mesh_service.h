// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/constants.h"

#include <QObject>
#include <QTimer>
#include <QVariantMap>

#include <functional>

namespace sallyport::mesh {

/// The object on the bus: the ledger, for everybody to read. The adaptor generated from the XML forwards to the names here.
class MeshService : public QObject {
    Q_OBJECT
    Q_PROPERTY(QString Version READ version CONSTANT)
    Q_PROPERTY(uint ApiVersion READ apiVersion CONSTANT)

public:
    using ReadLedger = std::function<QVariantMap()>;

    explicit MeshService(ReadLedger readLedger, QObject *parent = nullptr);

    QString version() const;
    uint apiVersion() const { return kApiVersion; }
    /// The ledger reads differently; told soon, once for many.
    void ledgerMoved();

public Q_SLOTS:
    QVariantMap GetLedger() { return m_readLedger(); }

Q_SIGNALS:
    void LedgerChanged(const QVariantMap &ledger);

private:
    ReadLedger m_readLedger;
    QTimer m_soon;
};

} // namespace sallyport::mesh
