// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/output_watch.h"
#include "app/cli/requests.h"
#include "app/client/helper_client.h"

namespace sallyport::cli {

/// `status`: never prompts, never starts anything but the helper.
class StatusCommand : public Command {
    Q_OBJECT

public:
    StatusCommand(const StatusRequest &request, HelperClient &client, Console &console);
    void start() override;

private:
    void show(const Snapshot &snapshot);
    void beginWatching();
    void availabilityChanged(bool available);

    StatusRequest m_request;
    HelperClient &m_client;
    Console &m_console;
    std::optional<OutputWatch> m_output; ///< while watching
    bool m_shown = false;
};

} // namespace sallyport::cli
