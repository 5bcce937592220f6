// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/client/helper_client.h"

namespace sallyport::cli {

/// `unlock`: the helper opens the guard if it can; whatever still blocks then is removed by force.
class UnlockCommand : public Command {
    Q_OBJECT

public:
    UnlockCommand(bool json, HelperClient &client, Console &console);
    void start() override;

private:
    void unlockByForce();
    Result<Done> removeByForce();
    void report();

    bool m_json;
    HelperClient &m_client;
    Console &m_console;
    bool m_helperUnlocked = false; ///< it knows, and will not lock again
    QStringList m_done;
};

} // namespace sallyport::cli
