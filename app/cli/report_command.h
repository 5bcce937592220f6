// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/requests.h"
#include "app/health/examination.h"

namespace sallyport::cli {

/// `report`: the check-up and what the services say, as a file for whoever is to help.
class ReportCommand : public Command {
    Q_OBJECT

public:
    ReportCommand(ReportRequest request, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void write(const Checkup &checkup);

    ReportRequest m_request;
    Console &m_console;
    Examination m_examination;
};

} // namespace sallyport::cli
