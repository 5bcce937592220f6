// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/output_watch.h"
#include "app/cli/requests.h"
#include "app/client/helper_client.h"
#include "app/client/mesh_client.h"

#include <deque>

namespace sallyport::cli {

/// `status`: never prompts, never starts anything but the helper.
class StatusCommand : public Command {
    Q_OBJECT

public:
    StatusCommand(const StatusRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void show(const Snapshot &snapshot);
    void askForLedger();
    void print(const Snapshot &snapshot, const MeshClient::Ledger &ledger);
    void beginWatching();
    void availabilityChanged(bool available);

    StatusRequest m_request;
    MeshClient m_mesh;
    HelperClient &m_client;
    Console &m_console;
    std::optional<OutputWatch> m_output; ///< while watching
    std::deque<Snapshot> m_waiting; ///< for the ledger; the first is asked for
    Snapshot m_latest;
    bool m_shown = false;
};

} // namespace sallyport::cli
