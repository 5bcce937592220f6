// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/report_command.h"

#include "app/exchange/input_file.h"

#include <utility>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

ReportCommand::ReportCommand(ReportRequest request, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_request(std::move(request)), m_console(console), m_examination(bus, client)
{
    connect(&m_examination, &Examination::finished, this, &ReportCommand::write);
}

void ReportCommand::start()
{
    m_examination.start();
}

void ReportCommand::write(const Checkup &checkup)
{
    const QString text = reportText(checkup, m_request.anonymity);
    if (m_request.file == u"-") {
        m_console.print(text.split(u'\n'));
        Q_EMIT finished(ExitCode::Done);
        return;
    }
    if (const auto written = writeNewFile(m_request.file, text.toUtf8()); !written) {
        Q_EMIT finished(m_console.fail(written.error()));
        return;
    }
    m_console.print({u"%1 is written. Read it before you give it to anybody."_s.arg(m_request.file)});
    Q_EMIT finished(ExitCode::Done);
}

} // namespace sallyport::cli
