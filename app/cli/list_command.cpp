// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/list_command.h"

#include "app/cli/print_lists.h"
#include "app/exchange/proposal.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

ListCommand::ListCommand(View view, bool json, HelperClient &client, Console &console)
    : m_view(std::move(view)), m_json(json), m_client(client), m_console(console)
{
}

ListCommand::View ListCommand::exits()
{
    return [](const Configuration &configuration, const Snapshot &snapshot) -> Result<Listing> {
        return Listing{exitListLines(configuration, snapshot), exitListMap(configuration, snapshot)};
    };
}

ListCommand::View ListCommand::devices()
{
    return [](const Configuration &configuration, const Snapshot &) -> Result<Listing> {
        if (!configuration.home)
            return noHome();
        return Listing{deviceListLines(*configuration.home), deviceListMap(*configuration.home)};
    };
}

void ListCommand::start()
{
    m_client.fetchConfiguration(this, [this](const Result<Configuration> &configuration) {
        if (!configuration) {
            Q_EMIT finished(m_console.fail(configuration.error()));
            return;
        }
        m_client.fetchSnapshot(this, [this, configuration](const Result<Snapshot> &snapshot) {
            if (snapshot)
                show(*configuration, *snapshot);
            else
                Q_EMIT finished(m_console.fail(snapshot.error()));
        });
    });
}

void ListCommand::show(const Configuration &configuration, const Snapshot &snapshot)
{
    const Result<Listing> listing = m_view(configuration, snapshot);
    if (!listing) {
        Q_EMIT finished(m_console.fail(listing.error()));
        return;
    }
    if (m_json)
        m_console.printJson(listing->map);
    else
        m_console.print(listing->lines);
    Q_EMIT finished(ExitCode::Done);
}

} // namespace sallyport::cli
