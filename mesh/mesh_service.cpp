// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/mesh_service.h"

namespace sallyport::mesh {

MeshService::MeshService(ReadLedger readLedger, QObject *parent) : QObject(parent), m_readLedger(std::move(readLedger))
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(std::chrono::milliseconds(20));
    connect(&m_soon, &QTimer::timeout, this, [this] { Q_EMIT LedgerChanged(m_readLedger()); });
}

QString MeshService::version() const
{
    return QStringLiteral(SALLYPORT_VERSION);
}

void MeshService::ledgerMoved()
{
    if (!m_soon.isActive())
        m_soon.start();
}

} // namespace sallyport::mesh
