// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/doctor_command.h"

#include "app/cli/print_findings.h"

namespace sallyport::cli {

DoctorCommand::DoctorCommand(bool json, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_json(json), m_console(console), m_examination(bus, client)
{
    connect(&m_examination, &Examination::finished, this, &DoctorCommand::report);
}

void DoctorCommand::start()
{
    m_examination.start();
}

void DoctorCommand::report(const Checkup &checkup)
{
    const std::vector<Finding> findings = examine(checkup.system, checkup.bus);
    if (m_json)
        m_console.printJson(findingMap(findings));
    else
        m_console.print(findingLines(findings));
    Q_EMIT finished(hasBad(findings) ? ExitCode::Failed : ExitCode::Done);
}

} // namespace sallyport::cli
