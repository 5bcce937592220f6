// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_mesh.h"

#include <QDBusMessage>

namespace sallyport::test {

using namespace Qt::StringLiterals;

FakeMesh::FakeMesh(const QDBusConnection &bus) : m_bus(bus)
{
    if (!m_bus.registerObject(
            u"/org/sallyport/Mesh"_s, this, QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals)
        || !m_bus.registerService(u"org.sallyport.Mesh"_s))
        qFatal("meshd's name cannot be had");
}

FakeMesh::~FakeMesh()
{
    const QString name = m_bus.name();
    m_bus = QDBusConnection(u"nobody-has-this-name"_s);
    QDBusConnection::disconnectFromBus(name);
}

QVariantMap FakeMesh::GetLedger()
{
    ++questions;
    if (mood == Mood::Silent)
        setDelayedReply(true);
    else if (mood == Mood::Refusing)
        sendErrorReply(u"org.sallyport.Error.Internal"_s, u"The test says no."_s);
    return ledger;
}

} // namespace sallyport::test
