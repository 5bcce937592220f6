// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/interruption.h"
#include "app/cli/requests.h"
#include "app/client/helper_client.h"

#include <QElapsedTimer>
#include <QTimer>

namespace sallyport::cli {

/// `home on|off`, `exit on|off|use`: asks for it, then waits until it is so.
class SwitchCommand : public Command {
    Q_OBJECT

public:
    /// `interruption` is older than the connection to the bus: its threads must inherit the blocked signals, or one of
    /// them takes Ctrl-C and the process ends at once.
    SwitchCommand(const SwitchRequest &request, std::unique_ptr<Interruption> interruption, HelperClient &client,
        Console &console);
    void start() override;

private:
    void accepted(const Result<Done> &reply);
    void beginWaiting();
    void look(const Snapshot &snapshot);
    void tick();
    void giveUp();
    void interrupted();
    void finish(ExitCode code);
    void finishWithState();

    SwitchRequest m_request;
    HelperClient &m_client;
    Console &m_console;
    std::unique_ptr<Interruption> m_interruption;
    std::optional<Snapshot> m_latest;
    QTimer m_deadline;
    QTimer m_second;
    QElapsedTimer m_since;
    bool m_accepted = false;
    bool m_finished = false;
};

} // namespace sallyport::cli
