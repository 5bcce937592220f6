// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/health/examination.h"

namespace sallyport::cli {

/// `doctor`: tells what a check-up found.
class DoctorCommand : public Command {
    Q_OBJECT

public:
    DoctorCommand(bool json, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void report(const Checkup &checkup);

    bool m_json;
    Console &m_console;
    Examination m_examination;
};

} // namespace sallyport::cli
