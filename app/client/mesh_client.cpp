// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/mesh_client.h"

#include "app/client/bus_error.h"
#include "core/constants.h"
#include "core/ipc/unwrap.h"
#include "core/wire/ledger_codec.h"

#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QPointer>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 300; ///< a status without round trips is better than a late one

Result<MeshClient::Ledger> ledgerOf(const QDBusPendingReply<QVariantMap> &reply)
{
    if (reply.isError())
        return errorOf(reply.error(), reply.reply());
    const auto map = unwrap(reply.value());
    if (!map)
        return map.error();
    return decodeLedger(*map);
}

} // namespace

MeshClient::MeshClient(const QDBusConnection &bus, QObject *parent) : QObject(parent), m_bus(bus)
{
    m_bus.connect(QLatin1StringView(kMeshBusName), QLatin1StringView(kMeshObjectPath),
        QLatin1StringView(kMeshInterface), u"LedgerChanged"_s, this, SIGNAL(ledgerChanged()));
}

void MeshClient::fetchLedger(QObject *context, LedgerReply reply)
{
    QDBusMessage get = QDBusMessage::createMethodCall(QLatin1StringView(kMeshBusName),
        QLatin1StringView(kMeshObjectPath), QLatin1StringView(kMeshInterface), u"GetLedger"_s);
    get.setAutoStartService(false); // looking starts nothing
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(get, kPatienceMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
        [reply = std::move(reply), guard = QPointer<QObject>(context)](QDBusPendingCallWatcher *finished) {
            finished->deleteLater();
            if (guard)
                reply(ledgerOf(*finished));
        });
}

} // namespace sallyport
