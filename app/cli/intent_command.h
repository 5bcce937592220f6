// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/client/helper_client.h"

namespace sallyport::cli {

/// `lockdown` and `pause`: one change of the intent, true as soon as the helper says so.
class IntentCommand : public Command {
    Q_OBJECT

public:
    IntentCommand(const IntentChange &change, bool json, HelperClient &client, Console &console);
    void start() override;

private:
    void accepted(const Result<Done> &reply);

    IntentChange m_change;
    bool m_json;
    HelperClient &m_client;
    Console &m_console;
};

} // namespace sallyport::cli
