// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/switch_command.h"

#include "app/cli/print_status.h"
#include "app/cli/switch_words.h"

namespace sallyport::cli {

SwitchCommand::SwitchCommand(
    const SwitchRequest &request, std::unique_ptr<Interruption> interruption, HelperClient &client, Console &console)
    : m_request(request), m_client(client), m_console(console), m_interruption(std::move(interruption))
{
    m_deadline.setSingleShot(true);
    m_deadline.setTimerType(Qt::PreciseTimer); // --wait 1 is not 0.97 seconds
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_deadline, &QTimer::timeout, this, &SwitchCommand::giveUp);
    connect(&m_second, &QTimer::timeout, this, &SwitchCommand::tick);
    connect(m_interruption.get(), &Interruption::arrived, this, &SwitchCommand::interrupted);
    connect(&m_client, &HelperClient::snapshotChanged, this, &SwitchCommand::look);
}

void SwitchCommand::start()
{
    // A handshake makes no noise in the kernel: the helper looks for it while somebody watches.
    if (m_request.patience)
        m_client.watch(true);
    m_client.setIntent(changeOf(m_request), this, [this](const Result<Done> &reply) { accepted(reply); });
}

void SwitchCommand::accepted(const Result<Done> &reply)
{
    if (!reply) {
        finish(m_console.fail(reply.error()));
    } else if (!m_request.patience && !m_request.json) {
        finish(ExitCode::Done);
    } else {
        beginWaiting();
    }
}

void SwitchCommand::beginWaiting()
{
    m_accepted = true;
    m_since.start();
    if (m_request.patience) {
        m_second.start();
        m_deadline.start(*m_request.patience);
    }
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        if (snapshot)
            look(*snapshot);
        else if (!m_finished && !m_request.patience)
            finish(m_console.fail(snapshot.error()));
    });
}

void SwitchCommand::look(const Snapshot &snapshot)
{
    if (m_finished)
        return;
    m_latest = snapshot;
    if (m_accepted && (!m_request.patience || isReached(m_request, snapshot)))
        finishWithState();
}

void SwitchCommand::tick()
{
    const auto since = std::chrono::seconds((m_since.elapsed() + 500) / 1000);
    m_console.showProgress(progressLine(m_request, m_latest.value_or(Snapshot{}), since));
}

void SwitchCommand::giveUp()
{
    if (!m_client.isAvailable())
        finish(m_console.fail(
            Error{Errc::HelperUnavailable, QStringLiteral("the background service stopped meanwhile"), {}}));
    else
        finish(m_console.fail(ExitCode::NotConnected, reasonLine(m_request, m_latest.value_or(Snapshot{}))));
}

void SwitchCommand::interrupted()
{
    m_console.note(interruptedLine(m_request, m_accepted));
    finish(ExitCode::Interrupted);
}

void SwitchCommand::finishWithState()
{
    if (m_request.json)
        m_console.printJson(statusMap(*m_latest));
    else
        m_console.print(summaryLines(*m_latest));
    finish(ExitCode::Done);
}

void SwitchCommand::finish(ExitCode code)
{
    if (std::exchange(m_finished, true))
        return;
    m_second.stop();
    m_deadline.stop();
    m_console.clearProgress();
    Q_EMIT finished(code);
}

} // namespace sallyport::cli
