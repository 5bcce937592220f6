// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/intent_command.h"

#include "app/cli/print_status.h"

namespace sallyport::cli {

IntentCommand::IntentCommand(const IntentChange &change, bool json, HelperClient &client, Console &console)
    : m_change(change), m_json(json), m_client(client), m_console(console)
{
}

void IntentCommand::start()
{
    m_client.setIntent(m_change, this, [this](const Result<Done> &reply) { accepted(reply); });
}

void IntentCommand::accepted(const Result<Done> &reply)
{
    if (!reply) {
        Q_EMIT finished(m_console.fail(reply.error()));
        return;
    }
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        if (!snapshot) {
            Q_EMIT finished(m_console.fail(snapshot.error()));
            return;
        }
        if (m_json)
            m_console.printJson(statusMap(*snapshot));
        else
            m_console.print(summaryLines(*snapshot));
        Q_EMIT finished(ExitCode::Done);
    });
}

} // namespace sallyport::cli
