// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/requests.h"
#include "app/client/helper_client.h"

#include <memory>

namespace sallyport::cli {

/// The system bus and the helper on it, reached for when a command wants them: `keygen` works without either.
class BusAccess {
public:
    const QDBusConnection &bus();
    HelperClient &client();

private:
    std::optional<QDBusConnection> m_bus;
    std::unique_ptr<HelperClient> m_client;
};

/// The command for a request, or the exit code of one that was done at once.
using Started = std::variant<ExitCode, std::unique_ptr<Command>>;

Started startRequest(const Request &request, BusAccess &access, Console &console);

} // namespace sallyport::cli
