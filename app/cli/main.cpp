// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/arguments.h"
#include "app/cli/commands.h"

#include <QCoreApplication>
#include <QLoggingCategory>
#include <QTimer>

using namespace sallyport;
using namespace sallyport::cli;

namespace {

/// Runs the command in the one event loop.
ExitCode finishInEventLoop(Command &command)
{
    // Queued: a command may finish while it starts.
    QObject::connect(
        &command, &Command::finished, qApp, [](ExitCode code) { QCoreApplication::exit(int(code)); },
        Qt::QueuedConnection);
    QTimer::singleShot(0, &command, [&command] { command.start(); });
    return ExitCode(QCoreApplication::exec());
}

ExitCode run(const Request &request, Console &console)
{
    BusAccess access;
    const Started started = startRequest(request, access, console);
    if (const auto *code = std::get_if<ExitCode>(&started))
        return *code;
    return finishInEventLoop(*std::get<std::unique_ptr<Command>>(started));
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    // What is worth telling is told by the commands, in one line; QT_LOGGING_RULES brings the rest back.
    QLoggingCategory::setFilterRules(QStringLiteral("*=false"));
    Console console;
    const Result<Request> request = parseArguments(QCoreApplication::arguments().mid(1));
    if (!request)
        return int(console.fail(ExitCode::Usage, request.error().detail));
    const ExitCode code = run(*request, console);
    console.clearProgress();
    if (code == ExitCode::Done && !console.isIntact())
        return int(console.fail(
            ExitCode::Failed, QStringLiteral("the output could not be written; check the disk or the pipe")));
    return int(code);
}
