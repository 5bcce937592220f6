// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/doctor_command.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QTimer>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

DoctorCommand::DoctorCommand(bool json, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_json(json), m_bus(bus), m_mesh(bus), m_client(client), m_console(console)
{
}

void DoctorCommand::start()
{
    m_facts.connected = m_bus.isConnected();
    if (!m_facts.connected) {
        report();
        return;
    }
    m_unanswered = 4;
    askNames(u"ListNames"_s);
    askNames(u"ListActivatableNames"_s);
    m_mesh.fetchLedger(this, [this](const Result<MeshClient::Ledger> &ledger) {
        m_facts.ledger = ledger;
        if (--m_unanswered == 0)
            report();
    });
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        m_facts.snapshot = snapshot;
        if (--m_unanswered == 0)
            report();
    });
}

void DoctorCommand::askNames(const QString &method)
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

void DoctorCommand::takeNames(const QStringList &names)
{
    m_facts.polkit = m_facts.polkit || names.contains(u"org.freedesktop.PolicyKit1"_s);
    m_facts.resolved = m_facts.resolved || names.contains(u"org.freedesktop.resolve1"_s);
    if (--m_unanswered == 0)
        report();
}

void DoctorCommand::report()
{
    SystemFacts system = readSystemFacts();
    system.nameServers = askNameServers(system.resolvConf);
    const std::vector<Finding> findings = examine(system, m_facts);
    if (m_json)
        m_console.printJson(findingMap(findings));
    else
        m_console.print(findingLines(findings));
    Q_EMIT finished(hasBad(findings) ? ExitCode::Failed : ExitCode::Done);
}

} // namespace sallyport::cli
