// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/status_command.h"

#include "app/cli/print_status.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

StatusCommand::StatusCommand(
    const StatusRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_request(request), m_mesh(bus), m_client(client), m_console(console)
{
}

void StatusCommand::start()
{
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        if (!snapshot) {
            Q_EMIT finished(m_console.fail(snapshot.error()));
            return;
        }
        show(*snapshot);
        if (m_request.watch)
            beginWatching();
    });
}

void StatusCommand::beginWatching()
{
    connect(&m_client, &HelperClient::snapshotChanged, this, &StatusCommand::show);
    connect(&m_mesh, &MeshClient::ledgerChanged, this, [this] { show(m_latest); });
    connect(&m_client, &HelperClient::availabilityChanged, this, &StatusCommand::availabilityChanged);
    m_output.emplace();
    connect(&*m_output, &OutputWatch::closed, this, [this] { Q_EMIT finished(ExitCode::Failed); });
    m_client.watch(true);
}

/// meshd is asked for each snapshot, one after the other, so that they are printed in their order.
void StatusCommand::show(const Snapshot &snapshot)
{
    m_latest = snapshot;
    m_waiting.push_back(snapshot);
    if (m_waiting.size() == 1)
        askForLedger();
}

void StatusCommand::askForLedger()
{
    m_mesh.fetchLedger(this, [this](const Result<MeshClient::Ledger> &ledger) {
        print(m_waiting.front(), ledger ? *ledger : MeshClient::Ledger());
        m_waiting.pop_front();
        if (!m_waiting.empty())
            askForLedger();
    });
}

void StatusCommand::print(const Snapshot &snapshot, const MeshClient::Ledger &ledger)
{
    if (m_request.json && m_request.watch)
        m_console.printJsonLine(statusMap(snapshot, ledger));
    else if (m_request.json)
        m_console.printJson(statusMap(snapshot, ledger));
    else
        m_console.print((m_shown ? QStringList{QString()} : QStringList()) + statusLines(snapshot, ledger));
    m_shown = true;
    if (!m_request.watch)
        Q_EMIT finished(ExitCode::Done); // main() says it if the output could not be written
    else if (!m_console.isIntact())
        Q_EMIT finished(ExitCode::Failed);
}

/// A bar or a script that watches must survive an upgrade of the helper.
void StatusCommand::availabilityChanged(bool available)
{
    m_console.note(available ? u"the background service is back"_s
                             : u"the background service has stopped; what it switched on stays as it was"_s);
    if (available)
        m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
            if (snapshot)
                show(*snapshot);
        });
}

} // namespace sallyport::cli
