// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/requests.h"
#include "app/client/helper_client.h"
#include "core/key/secret_text.h"

namespace sallyport::cli {

/// `export`: the one command, besides `keygen`, that prints keys.
class ExportCommand : public Command {
    Q_OBJECT

public:
    ExportCommand(const ExportRequest &request, HelperClient &client, Console &console);
    void start() override;

private:
    void write(const Configuration &configuration, const Snapshot &snapshot);
    Result<Done> deliver(const SecretText &conf);
    Result<Done> deliverCode(const SecretText &conf);
    void fail(const Error &error);

    ExportRequest m_request;
    HelperClient &m_client;
    Console &m_console;
};

} // namespace sallyport::cli
