// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/health/examination.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QPromise>
#include <QThreadPool>

#include <memory>

namespace sallyport {

using namespace Qt::StringLiterals;

Examination::Examination(const QDBusConnection &bus, HelperClient &client, QObject *parent)
    : QObject(parent), m_bus(bus), m_mesh(bus), m_client(client)
{
    connect(&m_machine, &QFutureWatcherBase::finished, this, [this] {
        m_checkup.system = m_machine.result();
        answered();
    });
}

void Examination::start()
{
    if (isRunning())
        return;
    m_checkup = {};
    m_checkup.bus.connected = m_bus.isConnected();
    m_unanswered = m_checkup.bus.connected ? 5 : 1;
    lookAtMachine();
    if (m_checkup.bus.connected)
        askServices();
}

void Examination::askServices()
{
    askNames(u"ListNames"_s);
    askNames(u"ListActivatableNames"_s);
    m_mesh.fetchLedger(this, [this](const Result<MeshClient::Ledger> &ledger) {
        m_checkup.bus.ledger = ledger;
        answered();
    });
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        m_checkup.bus.snapshot = snapshot;
        answered();
    });
}

void Examination::lookAtMachine()
{
    auto promise = std::make_shared<QPromise<SystemFacts>>();
    m_machine.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise] {
        promise->start();
        SystemFacts facts = readSystemFacts();
        facts.nameServers = askNameServers(facts.resolvConf);
        promise->addResult(std::move(facts));
        promise->finish();
    });
}

void Examination::askNames(const QString &method)
{
    const QString bus = u"org.freedesktop.DBus"_s;
    const QDBusMessage call = QDBusMessage::createMethodCall(bus, u"/org/freedesktop/DBus"_s, bus, method);
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QStringList> reply = *watcher;
        takeNames(reply.isError() ? QStringList() : reply.value());
    });
}

void Examination::takeNames(const QStringList &names)
{
    BusFacts &bus = m_checkup.bus;
    bus.polkit = bus.polkit || names.contains(u"org.freedesktop.PolicyKit1"_s);
    bus.resolved = bus.resolved || names.contains(u"org.freedesktop.resolve1"_s);
    answered();
}

void Examination::answered()
{
    if (--m_unanswered == 0)
        Q_EMIT finished(m_checkup);
}

} // namespace sallyport
